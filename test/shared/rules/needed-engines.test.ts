import { expect, test } from 'vitest';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { neededEngines } from '../../../shared/rules/needed-engines.ts';
import { ruleText } from './rule-text.ts';

test.each([
  ['a: 1', false, false],
  ['a|re: x', true, false],
  ['a|re|neq: x', true, false],
  ['a|cidr: 10.0.0.0/8', false, true],
])('a rule with %s needs regex %s and cidr %s', (item, regex, cidr) => {
  const { rules } = compileRuleFile(ruleText(`  a:\n    - {b: 1, ${item}}\n    - c: 2\n  condition: a`), 'r.yml');
  expect(neededEngines(rules)).toEqual({ regex, cidr, resources: false });
});
