import { describe, expect, test } from 'vitest';
import { enginesUsedBy } from '../../infra/bundling/rule-engines.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';

const ruleWith = (item: string) => {
  const text = `title: t\nid: 5f0c2a44-6b1b-4f4e-9a55-0f6d4a1b2c3d\nstatus: test\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  selection:\n    ${item}\n  condition: selection\nlevel: low\n`;
  const { rules, problems } = compileRuleFiles([{ file: 'rule.yml', text }]);
  expect(problems).toEqual([]);
  return rules;
};

describe('the evaluate function carries', () => {
  test('no expression engine when no rule has an expression', () => {
    expect(enginesUsedBy(ruleWith('eventName: StopLogging'))).toEqual({ regex: false, cidr: false });
  });

  test('RE2 when a rule has a regular expression', () => {
    expect(enginesUsedBy(ruleWith("eventName|re: '^Stop'"))).toEqual({ regex: true, cidr: false });
  });

  test('address ranges when a rule has one', () => {
    expect(enginesUsedBy(ruleWith('sourceIPAddress|cidr: 10.0.0.0/8'))).toEqual({ regex: false, cidr: true });
  });
});
