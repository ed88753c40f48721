import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLogFiles } from '../../../cli/backtest/log-files.ts';
import { createProgress } from '../../../cli/backtest/progress.ts';
import { baseline, baselineLines } from '../../../cli/baseline/baseline.ts';
import { recordBatch } from '../../../shared/access/record-batch.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';
import { compileRuleFiles } from '../../../shared/rules/compile/compile-rule-files.ts';
import { createMemoryFirstSeen, type FirstSeenStore } from '../../../shared/rules/first-seen/first-seen-store.ts';
import { judgeFirstSeen } from '../../../shared/rules/first-seen/judge-first-seen.ts';
import { keysToNote } from '../../../shared/rules/first-seen/keys-to-note.ts';
import { anEvent, aRecord, SESSION } from '../../shared/access/an-event.ts';
import { createMemoryAccess } from '../../support/memory-access.ts';
import { runCommand } from '../../support/run-command.ts';

const SECRETS = 'secretsmanager.amazonaws.com';
const NOW = Date.parse('2026-11-21T12:00:00Z');
const SCOPE = { services: [SECRETS], actions: [], resources: [], tags: [], learningSeconds: 14 * 86_400 };
const { rules } = compileRuleFiles([
  {
    file: 'first.yml',
    text: `title: first
id: 6f1b7f43-0b64-4b0d-9f0c-0d4f6f1f6a11
logsource: { product: aws, service: cloudtrail }
detection:
  read: { eventName: GetSecretValue }
  condition: read
rescind: { only: { first-seen: [actor, resource] } }
`,
  },
]);
const keysOf = keysToNote(rules);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rescind-baseline-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;
function logs(records: readonly unknown[]) {
  written += 1;
  const path = join(folder, `${written}.json`);
  writeFileSync(path, JSON.stringify({ Records: records }));
  return findLogFiles([path]);
}
const read = (secretId: string, eventTime: string, fields: object = {}) =>
  aRecord({ requestParameters: { secretId }, eventTime, eventID: `${secretId} ${eventTime}`, ...fields });

function run(records: readonly unknown[], store: FirstSeenStore, dryRun = false) {
  const progress = createProgress(0, { write: () => true }, () => 0);
  return baseline(logs(records), { account: '111122223333', rules, scope: SCOPE, store, now: NOW, dryRun, progress });
}

/** One event of each day of the trail, so that it has no gap. */
const everyDay = (from: string, to: string) => {
  const days: object[] = [];
  for (let at = Date.parse(`${from}T06:00:00Z`); at <= Date.parse(`${to}T06:00:00Z`); at += 86_400_000) {
    const eventTime = new Date(at).toISOString().replace('.000Z', 'Z');
    days.push(
      aRecord({ eventSource: 'ec2.amazonaws.com', eventName: 'DescribeInstances', eventTime, eventID: eventTime }),
    );
  }
  return days;
};

describe('a baseline', () => {
  test('is, mark by mark, what record would have noted of the same calls, in whatever order they are read', async () => {
    const call = fc.record({
      secretId: fc.constantFrom('pay', 'wiki', 'db'),
      day: fc.integer({ min: 25, max: 84 }),
      person: fc.constantFrom(
        {},
        { userIdentity: SESSION },
        { eventSource: 's3.amazonaws.com' },
        {
          userIdentity: {
            ...SESSION,
            sessionContext: {
              sessionIssuer: {
                type: 'Role',
                principalId: 'AROAOWN',
                arn: 'arn:aws:iam::111122223333:role/Rescind-record',
                accountId: '111122223333',
                userName: 'Rescind-record',
              },
            },
            principalId: 'AROAOWN:x',
          },
        },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 25 }), async (calls) => {
        const records = calls.map(({ secretId, day, person }, i) =>
          read(secretId, new Date(NOW - day * 86_400_000).toISOString().replace('.000Z', 'Z'), {
            ...person,
            eventID: `e-${i}`,
          }),
        );
        const [noted, filled] = [createMemoryFirstSeen(), createMemoryFirstSeen()];
        for (const detail of records) {
          const body = JSON.stringify({
            source: 'aws.x',
            'detail-type': 'AWS API Call via CloudTrail',
            account: '111122223333',
            detail,
          });
          await recordBatch(
            {
              account: '111122223333',
              isRecorded: ({ eventSource }) => eventSource === SECRETS,
              isOwn: ({ principal }) => principal.kind === 'role-session' && principal.roleId === 'AROAOWN',
              store: createMemoryAccess().store,
              keysToNote: keysOf,
              note: noted.note,
              park: async () => {},
            },
            [{ id: 'm', body }],
          );
        }
        await run(records, filled);
        for (const record of records) {
          const decoded = decodeRecord(record);
          if (decoded.kind === 'undecodable') throw new Error(decoded.reason);
          for (const key of keysOf(decoded.event)) expect(await filled.read(key)).toEqual(await noted.read(key));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('written again writes nothing, and in a dry run writes nothing either', async () => {
    const store = createMemoryFirstSeen();
    const records = [read('pay', '2026-11-01T10:00:00Z'), read('wiki', '2026-11-02T10:00:00Z')];
    expect((await run(records, store, true)).marks).toEqual({ written: 2, known: 0, old: 0 });
    expect(await store.read(keysOf(anEvent({ requestParameters: { secretId: 'pay' } }))[0] ?? '')).toBeUndefined();
    expect((await run(records, store)).marks).toEqual({ written: 2, known: 0, old: 0 });
    expect((await run(records, store)).marks).toEqual({ written: 0, known: 2, old: 0 });
    expect((await run(records, store, true)).marks).toEqual({ written: 0, known: 2, old: 0 });
  });

  test('makes a mark of record earlier, and leaves one that is earlier already', async () => {
    const store = createMemoryFirstSeen();
    const [key = ''] = keysOf(anEvent({ requestParameters: { secretId: 'pay' } }));
    const at = (day: string) => Date.parse(`${day}T10:00:00Z`);
    await store.note(key, { time: at('2026-11-10'), eventId: 'own' });
    expect((await run([read('pay', '2026-11-01T10:00:00Z')], store)).marks.written).toBe(1);
    expect(await store.read(key)).toEqual({
      first: { time: at('2026-11-01'), eventId: 'pay 2026-11-01T10:00:00Z' },
      last: at('2026-11-10'),
    });
    expect((await run([read('pay', '2026-11-05T10:00:00Z')], store)).marks).toEqual({ written: 0, known: 1, old: 0 });
  });

  test('leaves out what is older than 90 days, of other accounts, and unreadable, and says how many', async () => {
    const store = createMemoryFirstSeen();
    const result = await run(
      [
        read('pay', '2026-08-01T10:00:00Z'),
        read('x', '2026-11-01T10:00:00Z', { recipientAccountId: '444455556666' }),
        null,
      ],
      store,
    );
    expect(result).toMatchObject({
      records: 3,
      noted: 1,
      foreign: 1,
      unreadable: 1,
      marks: { written: 0, known: 0, old: 1 },
    });
    expect(baselineLines(result).slice(0, 3)).toEqual([
      '3 records in 1 file, 2026-08-01T10:00:00Z to 2026-08-01T10:00:00Z',
      '1 of them in the scope of `record`; 1 of other accounts, 1 unreadable',
      '0 marks written, 0 known before, 1 older than 90 days',
    ]);
  });
});

describe('the learning period after a baseline', () => {
  const trail = [read('pay', '2026-10-25T10:00:00Z'), ...everyDay('2026-10-20', '2026-11-20')];
  const judged = async (store: FirstSeenStore, secretId: string) => {
    const event = anEvent({ requestParameters: { secretId }, eventTime: '2026-11-21T12:00:00Z', eventID: 'now' });
    return judgeFirstSeen(store, { ruleId: 'r', keys: keysOf(event) }, event, SCOPE.learningSeconds);
  };

  test('begins with the first use in logs that reach to the day of recording: on day one the known is known, the new is told', async () => {
    const store = createMemoryFirstSeen();
    await store.recording(SECRETS, Date.parse('2026-11-21T08:00:00Z'));
    expect((await judged(store, 'other')).kind).toBe('suppressed');
    const { learned } = await run(trail, store);
    expect(learned).toEqual([{ kind: 'moved', service: SECRETS, since: '2026-10-25T10:00:00.000Z' }]);
    expect(await judged(store, 'pay')).toEqual({ kind: 'seen' });
    expect(await judged(store, 'other')).toEqual({ kind: 'first' });
    expect((await run(trail, store)).learned).toEqual([
      { kind: 'stays', service: SECRETS, since: '2026-10-25T10:00:00.000Z' },
    ]);
  });

  test.each([
    ['that end two days before recording began', everyDay('2026-10-20', '2026-11-18')],
    ['with a day missing', [...everyDay('2026-10-20', '2026-11-15'), ...everyDay('2026-11-17', '2026-11-20')]],
    ['that tell nothing of the service', everyDay('2026-10-20', '2026-11-20')],
  ])('stays after logs %s', async (name, days) => {
    const store = createMemoryFirstSeen();
    const since = Date.parse('2026-11-21T08:00:00Z');
    await store.recording(SECRETS, since);
    const records = name.includes('nothing') ? days : [read('pay', '2026-10-25T10:00:00Z'), ...days];
    expect((await run(records, store)).learned).toEqual([
      { kind: 'gap', service: SECRETS, since: '2026-11-21T08:00:00.000Z' },
    ]);
    expect(await store.recordedSince(SECRETS)).toBe(since);
  });

  test('is not moved in a dry run', async () => {
    const store = createMemoryFirstSeen();
    expect((await run(trail, store, true)).learned).toMatchObject([{ kind: 'moved' }]);
    expect(await store.recordedSince(SECRETS)).toBeUndefined();
  });
});

describe('rescind baseline', () => {
  test.each([
    [['nowhere'], /cannot read nowhere: there is no such file or folder/],
    [
      ['package.json', '--rules', 'rules/network'],
      /None of these rules asks what was seen first: there is nothing to note\./,
    ],
    [['package.json', '--policy', 'nowhere.yaml'], /cannot read the policy nowhere\.yaml/],
  ])('%j is wrong use: exit code 2, nothing on stdout', async (args, sentence) => {
    const { code, stdout, stderr } = await runCommand(['baseline', ...args]);
    expect(stderr).toMatch(sentence);
    expect([code, stdout]).toEqual([2, '']);
  });
});
