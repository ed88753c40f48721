import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { ipaddrCidr } from '../../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../../shared/rules/engines/re2-regex.ts';
import { createEvaluator } from '../../../shared/rules/evaluate/create-evaluator.ts';
import { ruleText } from './rule-text.ts';
import { semanticsCases } from './semantics-cases.ts';

function fires(detection: string): (record: JsonObject) => boolean {
  const { rules, problems } = compileRuleFile(ruleText(detection), 'rule.yml');
  expect(problems).toEqual([]);
  // Through text and back, because that is how a rule reaches a function.
  const shipped = JSON.parse(JSON.stringify(rules));
  const evaluator = createEvaluator(shipped, { regex: re2Regex, cidr: ipaddrCidr });
  expect(evaluator.faults).toEqual([]);
  return (record) => {
    const { hits, faults } = evaluator.evaluate(record);
    expect(faults).toEqual([]);
    return hits.length > 0;
  };
}

/** The same record as of a named event, which takes the way through the index. */
function asEvent(record: JsonObject): JsonObject {
  return { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser', ...record };
}

describe('Sigma as evaluated', () => {
  test.each(semanticsCases)('$name', ({ detection, hits, misses }) => {
    const match = fires(detection);
    expect(hits.map(match)).toEqual(hits.map(() => true));
    expect(misses.map(match)).toEqual(misses.map(() => false));
  });

  test.each(semanticsCases.filter(({ detection }) => !detection.includes('eventName')))(
    '$name, for a record that names its event',
    ({ detection, hits, misses }) => {
      const match = fires(detection);
      expect(hits.map(asEvent).map(match)).toEqual(hits.map(() => true));
      expect(misses.map(asEvent).map(match)).toEqual(misses.map(() => false));
    },
  );
});
