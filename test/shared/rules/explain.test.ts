import { expect, test } from 'vitest';
import { compileRuleFile } from '../../../shared/rules/compile/compile-rule-file.ts';
import { type Explanation, explain } from '../../../shared/rules/evaluate/explain.ts';
import { readDetection } from '../../../shared/rules/read-detection.ts';
import { ruleText } from './rule-text.ts';

function lines({ holds, text, found, parts }: Explanation, depth = 0): string[] {
  const values = found === undefined ? '' : ` <- ${JSON.stringify(found)}`;
  return [
    `${' '.repeat(depth)}${holds ? 'yes' : 'no'} ${text}${values}`,
    ...parts.flatMap((part) => lines(part, depth + 1)),
  ];
}

test('an explanation goes down to each field and what the record has there', () => {
  const [rule] = compileRuleFile(
    ruleText(
      '  selection:\n    eventName: [CreateUser, Put*]\n    errorCode: null\n  own:\n    requestParameters.userName|fieldref: userIdentity.userName\n  condition: selection and not own',
    ),
    'r.yml',
  ).rules;
  const record = {
    eventName: 'PutUserPolicy',
    userIdentity: { userName: 'eve' },
    requestParameters: { userName: 'Eve' },
  };
  expect(lines(explain(readDetection(rule?.detection ?? {}), record, {}))).toEqual([
    'no all of',
    ' yes selection',
    '  yes eventName is "CreateUser" or is "Put*" <- ["PutUserPolicy"]',
    '  yes errorCode is absent or null <- []',
    ' no not',
    '  yes own',
    '   yes requestParameters.userName equals the field userIdentity.userName <- ["Eve"]',
  ]);
});
