import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { loadRules } from '../../../cli/rules/load-rules.ts';
import { isReadEventName } from '../../../shared/cloudtrail/read-event-name.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { compileRuleFiles } from '../../../shared/rules/compile/compile-rule-files.ts';
import { ipaddrCidr } from '../../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../../shared/rules/engines/re2-regex.ts';
import { createEvaluator } from '../../../shared/rules/evaluate/create-evaluator.ts';
import { compileEventPatterns, type EventPattern } from '../../../shared/rules/event-patterns.ts';
import { patternPasses } from '../../../shared/rules/pattern-passes.ts';
import type { CompiledRule } from '../../../shared/rules/rule.ts';
import { createRandom } from '../../bench/traffic/random.ts';
import { createTraffic } from '../../bench/traffic/records.ts';
import { ruleText } from './rule-text.ts';

const pack = loadRules([]);
const examples = pack.tests.filter(({ match }) => match).flatMap(({ events }) => events);

/** What narrows and what cannot, in one line each. */
const shapes = [
  '  a: {eventName|startswith: [Create, Get]}\n  condition: a',
  '  a: {eventName|endswith: [Key, Policy], eventSource: IAM.amazonaws.com}\n  condition: a',
  '  a: {eventName|contains: User}\n  condition: a',
  "  a: {eventName: '*Console*'}\n  condition: a",
  "  a: {eventName: 'D?lete*', eventSource|startswith: s3}\n  condition: a",
  '  a: {eventName|re: ^Stop}\n  condition: a',
  '  a: {eventName|cased: CreateAccessKey}\n  condition: a',
  '  a: {eventSource: iam.amazonaws.com}\n  b: {eventName|startswith: [List, Get]}\n  condition: a and not b',
  '  a: {errorCode|contains: denied}\n  condition: a',
  '  a: {errorCode: [AccessDenied, Client.UnauthorizedOperation]}\n  b: {eventName|startswith: Describe}\n  condition: a and b',
  '  a: {eventName: DescribeInstances}\n  b: {errorCode: null}\n  condition: a and b',
  '  a: [AKIAEXAMPLEKEY, Terraform]\n  condition: a',
  '  a: {userIdentity.type: Root}\n  condition: a',
];
const shapeRules = compileRuleFiles(
  shapes.map((detection, index) => {
    const number = String(index).padStart(2, '0');
    return { file: `shape-${number}.yml`, text: ruleText(detection).replace('0000000001', `00000000${number}`) };
  }),
);

/** The examples of the pack; the same called otherwise; calls of every day; and text that means to break out. */
function corpus(): JsonObject[] {
  const random = createRandom(21);
  const traffic = createTraffic(random, { examples: [] });
  const everyday = Array.from({ length: 300 }, (_, index) => traffic(index));
  const changed = examples.flatMap((event) => {
    const { eventName, eventSource } = event;
    if (typeof eventName !== 'string' || typeof eventSource !== 'string') return [];
    return [
      { ...event, eventName: eventName.toUpperCase(), eventSource: eventSource.toLowerCase() },
      { ...event, eventName: eventName.toLowerCase(), eventSource: eventSource.toUpperCase() },
      { ...event, errorCode: 'accessdenied', errorMessage: '"}],"detail-type":["x"]' },
      { ...event, eventName: `${eventName}*`, userAgent: '\u2028"}\n{"source":"aws.iam"}' },
    ];
  });
  const hostile = ['', '*', 'CreateUser"', "Create'User", 'List\\u0055sers', 'Ĝet', 'constructor', '__proto__'];
  return [
    ...examples,
    ...changed,
    ...everyday,
    ...hostile.map((eventName) => ({ ...everyday[0], eventName, userIdentity: { type: 'Root' } })),
  ];
}

let aws: EmbeddedAws;
let client: EventBridgeClient;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  client = new EventBridgeClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  });
});
afterAll(() => aws.stop());

const DETAIL_TYPES: Readonly<Record<string, string>> = {
  AwsConsoleSignIn: 'AWS Console Sign In via CloudTrail',
  AwsServiceEvent: 'AWS Service Event via CloudTrail',
};

function envelope(record: JsonObject): JsonObject {
  return {
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    account: '111122223333',
    source: `aws.${String(record.eventSource).split('.')[0]}`,
    time: '2026-11-21T12:00:00Z',
    region: 'us-east-1',
    resources: [],
    'detail-type': DETAIL_TYPES[String(record.eventType)] ?? 'AWS API Call via CloudTrail',
    detail: record,
  };
}

async function delivers({ pattern }: EventPattern, event: JsonObject): Promise<boolean> {
  const { Result } = await client.send(
    new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) }),
  );
  return Result === true;
}

/** A pattern sees nothing of an event but these, so that one of each is asked for. */
const seen = ({ eventSource, eventName, errorCode, eventType }: JsonObject): string =>
  JSON.stringify([eventSource, eventName, errorCode, eventType]);

describe.each([
  ['the pack', pack.rules, compileEventPatterns(pack.rules)],
  ['rules of every shape', shapeRules.rules, shapeRules.rules.flatMap((rule) => compileEventPatterns([rule]))],
] as const)('of %s, EventBridge', (_, rules: readonly CompiledRule[], patterns: readonly EventPattern[]) => {
  const { evaluate } = createEvaluator(rules, { regex: re2Regex, cidr: ipaddrCidr });

  test('delivers every event that a rule would hit', async () => {
    const asked = new Map<string, { readonly event: JsonObject; readonly rule: string }>();
    for (const record of corpus()) {
      for (const { id } of evaluate(record).matches) {
        asked.set(`${id} ${seen(record)}`, { event: record, rule: id });
      }
    }
    const lost = await Promise.all(
      [...asked.values()].map(async ({ event, rule }) => {
        // A pattern in the plain state is not even asked about a reading call.
        const isRead = isReadEventName(String(event.eventName));
        const those = patterns.filter(({ ruleIds, readEvents }) => ruleIds.includes(rule) && (readEvents || !isRead));
        for (const pattern of those) if (await delivers(pattern, envelope(event))) return [];
        return [`${rule} ${seen(event)}`];
      }),
    );
    expect(lost.flat()).toEqual([]);
    expect(asked.size).toBeGreaterThan(80);
    expect(new Set([...asked.values()].map(({ rule }) => rule)).size).toBeGreaterThan(10);
  });

  test('delivers what the measuring of traffic takes to be delivered, and no other', async () => {
    const events = [...new Map(corpus().map((record) => [seen(record), record])).values()].filter(
      (_, index) => index % 12 === 0,
    );
    const differ = await Promise.all(
      events.flatMap((record) =>
        patterns.map(async (pattern) => {
          const isRead = isReadEventName(String(record.eventName));
          const delivered = (pattern.readEvents || !isRead) && (await delivers(pattern, envelope(record)));
          return delivered === patternPasses(pattern, record) ? [] : [`${pattern.name} ${seen(record)}`];
        }),
      ),
    );
    expect(differ.flat()).toEqual([]);
    expect(differ.length).toBeGreaterThan(200);
  });

  test('takes every pattern, and by none of them what AWS did not send', async () => {
    const [event] = examples;
    if (event === undefined) throw new Error('the pack has no example');
    const asked = patterns.flatMap((pattern) => [
      delivers(pattern, { ...envelope(event), source: 'my.app' }),
      delivers(pattern, { ...envelope(event), 'detail-type': 'AWS API Call' }),
    ]);
    expect(await Promise.all(asked)).not.toContain(true);
  });

  test('is asked for reading calls only where a rule can fire on one', () => {
    const reading = new Set(rules.filter(({ header }) => header.needsReadEvents).map(({ header }) => header.id));
    for (const { name, readEvents, ruleIds } of patterns) {
      const wants = ruleIds.filter((id) => reading.has(id));
      expect([name, readEvents && wants.length === 0]).toEqual([name, false]);
    }
    const plain = patterns.filter(({ readEvents }) => !readEvents);
    expect(plain.length).toBeGreaterThan(0);
  });
});

test('rules about changes alone ask for no reading call', () => {
  const rules = compileRuleFiles([
    { file: 'a.yml', text: ruleText('  a: {eventName: [CreateUser, DeleteUser]}\n  condition: a') },
  ]).rules;
  expect(compileEventPatterns(rules).map(({ readEvents }) => readEvents)).toEqual([false]);
});
