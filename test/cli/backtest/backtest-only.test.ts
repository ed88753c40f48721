import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { backtest } from '../../../cli/backtest/backtest.ts';
import type { JsonObject } from '../../../shared/json.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-backtest-only-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const rule = (id: string, only: string, more = ''): string => `title: ${id}
id: ${id}
logsource: { product: aws, service: cloudtrail }
level: high
detection: { a: { eventSource: secretsmanager.amazonaws.com, eventName: GetSecretValue }, condition: a }
rescind: { respond: contain, only: ${only} }
${more}`;
const policy = (more = ''): string =>
  file(
    `policy${more.length}.yaml`,
    `version: 1
home-region: us-east-1
sensitive: ["arn:aws:secretsmanager:*:*:secret:finance/*"]
record: { services: [secretsmanager], learning: 30 d }
${more}`,
  );
const read = (eventID: string, eventTime: string, of: JsonObject = {}): JsonObject => ({
  eventID,
  eventTime,
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: 'GetSecretValue',
  awsRegion: 'eu-central-1',
  recipientAccountId: '111122223333',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAALICE',
    arn: 'arn:aws:iam::111122223333:user/alice',
    accountId: '111122223333',
    userName: 'alice',
  },
  requestParameters: { secretId: 'finance/ledger' },
  ...of,
});

let logs = 0;
async function run(
  files: readonly (readonly JsonObject[])[],
  options: {
    readonly rule: string;
    readonly policy?: string;
    readonly learningSeconds?: number;
    readonly workers?: number;
  },
) {
  logs += 1;
  const path = join(folder, `logs-${logs}`);
  mkdirSync(path);
  for (const [index, Records] of files.entries()) {
    writeFileSync(join(path, `${String(index).padStart(3, '0')}.json`), JSON.stringify({ Records }));
  }
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => ({
    write: (text: string) => {
      texts[name] += text;
      return true;
    },
    once: () => undefined,
  });
  const { rule: text, policy: file_ = policy(), ...rest } = options;
  const output = { stdout: stream('stdout'), stderr: stream('stderr') };
  await backtest([path], { rules: [file('rule.yml', text)], policy: file_, json: true, ...rest }, output);
  const lines = texts.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  const detections = lines.filter(({ kind }) => kind === 'detection');
  const told = detections.filter(({ duplicate }) => duplicate !== true).map(({ eventId }) => eventId);
  const duplicates = detections
    .filter(({ duplicate }) => duplicate === true)
    .map(({ eventId, source }) => [eventId, source.index]);
  const correlated = lines.filter(({ kind }) => kind === 'correlation').map(({ events }) => events);
  return {
    told,
    duplicates,
    correlated,
    cases: lines.filter(({ kind }) => kind === 'case').length,
    summary: texts.stderr,
  };
}

const FIRST = rule('first', '{ sensitive: true, first-seen: [actor, resource] }');
const LONG_AGO = read('old', '2026-01-01T00:00:00Z', { eventName: 'ListSecrets', requestParameters: null });

describe('a backtest of rules that ask more than their detection', () => {
  test('tells what is outside the schedule and on what is sensitive, and nothing else', async () => {
    const { told, cases } = await run(
      [
        [
          read('night', '2026-11-20T02:00:00Z'),
          read('day', '2026-11-20T10:00:00Z'),
          read('mail', '2026-11-20T02:00:00Z', { requestParameters: { secretId: 'marketing/mail' } }),
        ],
      ],
      { rule: rule('night', '{ outside: business-hours, sensitive: true }') },
    );
    expect({ told, cases }).toEqual({ told: ['night'], cases: 1 });
  });

  test('counts what an announced change left out as an exception, once an event, and names the change', async () => {
    const during = read('during', '2026-11-20T02:30:00Z');
    const { told, summary } = await run([[during, read('after', '2026-11-20T03:00:00Z')], [during]], {
      rule: rule('window', '{ outside-change-window: true }'),
      policy: policy(
        'change-windows: [{ name: release, ticket: CHG-1, from: 2026-11-20T02:00:00Z, to: 2026-11-20T03:00:00Z }]\n',
      ),
    });
    expect(told).toEqual(['after']);
    expect(summary).toContain('1 detection left out: 1 by change window release (CHG-1)');
    expect(summary).toContain('ungrouped and without exceptions 2 (2 a day)');
  });

  test('tells the first that an actor and a resource have met, wherever in the files it stands', async () => {
    const files = [
      [LONG_AGO],
      [read('later', '2026-11-21T02:00:00Z')],
      [read('first', '2026-11-20T02:00:00Z'), read('first', '2026-11-20T02:00:00Z')],
      [read('other', '2026-11-20T05:00:00Z', { requestParameters: { secretId: 'finance/payroll' } })],
      [read('again', '2027-02-20T02:00:00Z')],
    ];
    const { told, duplicates, summary } = await run(files, { rule: FIRST });
    expect(told).toEqual(['first', 'other', 'again']);
    // The second delivery is printed as any rule's is, and counted no more than any.
    expect(duplicates).toEqual([['first', 1]]);
    expect(summary).toContain('3 detections by 1 of 1 rule, 1 principal; 1 duplicate');
  });

  test('takes what met in calls that no rule looks at as met', async () => {
    const described = read('seen', '2026-11-19T02:00:00Z', { eventName: 'DescribeSecret' });
    expect((await run([[LONG_AGO, described, read('late', '2026-11-20T02:00:00Z')]], { rule: FIRST })).told).toEqual(
      [],
    );
  });

  test('tells nothing for being first within the learning period, which may be set to none', async () => {
    const files = [[read('one', '2026-11-20T02:00:00Z')]];
    const learning = await run(files, { rule: FIRST });
    expect(learning.told).toEqual([]);
    expect(learning.summary).toContain('1 detection left out: 1 by the learning period');
    expect((await run(files, { rule: FIRST, learningSeconds: 0 })).told).toEqual(['one']);
  });

  test('feeds correlations with what was seen first', async () => {
    const text = `${rule('part', '{ first-seen: [actor, resource] }', 'name: part\n')}---
title: two new secrets
id: two
level: high
correlation: { type: event_count, rules: [part], group-by: [userIdentity.userName], timespan: 1h, condition: { gte: 2 } }
`;
    const files = [
      [LONG_AGO],
      [read('a', '2026-11-20T02:00:00Z'), read('a2', '2026-11-20T02:01:00Z')],
      [read('b', '2026-11-20T02:30:00Z', { requestParameters: { secretId: 'finance/payroll' } })],
    ];
    const { told, correlated } = await run(files, { rule: text });
    expect({ told, correlated }).toEqual({ told: [], correlated: [['a', 'b']] });
  });

  test('tells the same on two threads', async () => {
    const files = Array.from({ length: 6 }, (_, index) => [read(`e${index}`, `2026-11-2${index}T02:00:00Z`)]).reverse();
    expect((await run([[LONG_AGO], ...files], { rule: FIRST, workers: 2 })).told).toEqual(['e0']);
  });

  test('tells the same whatever the order of the records, their files, and how often they come', async () => {
    const secrets = ['finance/a', 'finance/b', 'marketing/c'];
    const records = Array.from({ length: 12 }, (_, index) =>
      read(`e${index}`, `2026-${index < 6 ? '06' : '11'}-1${index % 3}T0${index % 4}:00:00Z`, {
        requestParameters: { secretId: secrets[index % 3] ?? '' },
      }),
    );
    const inOrder = await run([[LONG_AGO, ...records]], { rule: FIRST });
    expect(inOrder.told.length).toBeGreaterThan(0);
    const shuffled = fc.shuffledSubarray([...records, ...records], { minLength: 24, maxLength: 24 });
    await fc.assert(
      fc.asyncProperty(shuffled, fc.integer({ min: 1, max: 5 }), async (stream, size) => {
        const files: JsonObject[][] = [[LONG_AGO]];
        for (let at = 0; at < stream.length; at += size) files.push(stream.slice(at, at + size));
        expect((await run(files, { rule: FIRST })).told).toEqual(inOrder.told);
      }),
      { numRuns: 25 },
    );
  });
});
