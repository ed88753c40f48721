import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type BacktestOptions, backtest } from '../../../cli/backtest/backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-cases-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rulesFolder = file(
  'rules.yml',
  `title: Trail stopped
id: stopped
logsource: {product: aws, service: cloudtrail}
detection: {a: {eventName: StopLogging}, condition: a}
level: high
rescind: {respond: contain}
---
title: Bucket opened
id: opened
logsource: {product: aws, service: cloudtrail}
detection: {a: {eventName: PutBucketPolicy}, condition: a}
level: medium
---
title: Key made
id: key
logsource: {product: aws, service: cloudtrail}
detection: {a: {eventName: CreateAccessKey}, condition: a}
level: high
rescind: {subject: target-user, respond: contain}
---
title: Never seen
id: never
logsource: {product: aws, service: cloudtrail}
detection: {a: {eventName: Nothing}, condition: a}
`,
);

function policy(name: string, more: string): string {
  return file(name, `version: 1\nhome-region: us-east-1\nprotected: ['arn:aws:iam::*:user/boss']\n${more}`);
}

const observe = policy('observe.yaml', 'mode: observe\n');
const enforce = policy('enforce.yaml', 'mode: enforce\n');
const approve = policy('approve.yaml', 'mode: approve\n');

let count = 0;
const user = (userName: string) => ({
  type: 'IAMUser',
  principalId: `AIDA${userName.toUpperCase()}`,
  arn: `arn:aws:iam::111122223333:user/${userName}`,
  accountId: '111122223333',
  userName,
});

function record(who: string, eventName: string, eventTime: string, more: object = {}): object {
  count += 1;
  return {
    eventID: `e-${count}`,
    eventTime,
    eventSource: 's.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    recipientAccountId: '111122223333',
    userIdentity: user(who),
    ...more,
  };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function logs(name: string, ...files: readonly object[][]): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [index, records] of files.entries())
    writeFileSync(join(path, `${index}.json`), JSON.stringify({ Records: records }));
  return path;
}

async function run(path: string, options: Partial<BacktestOptions>): Promise<string> {
  const out: string[] = [];
  const stream = (write: (text: string) => unknown) => ({
    write: (text: string) => Boolean(write(text)),
    once: () => {},
  });
  const output = { stdout: stream((text) => out.push(text)), stderr: stream(() => true) };
  await backtest([path], { rules: [rulesFolder], ...options }, output);
  return out.join('');
}

async function casesOf(path: string, options: Partial<BacktestOptions>): Promise<unknown[]> {
  const lines = (await run(path, { ...options, json: true })).trim().split('\n');
  return lines.map((line): { kind: string } => JSON.parse(line)).filter(({ kind }) => kind === 'case');
}

describe('the cases of a backtest', () => {
  const eve = logs(
    'eve',
    [record('eve', 'StopLogging', '2026-11-20T02:10:00Z'), record('eve', 'StopLogging', '2026-11-20T02:20:00Z')],
    // Files are in no order of time.
    [record('eve', 'PutBucketPolicy', '2026-11-20T02:00:00Z')],
  );

  test('are one for a subject, alerted again only when a detection adds an action', async () => {
    expect(await casesOf(eve, { policy: observe })).toEqual([
      {
        kind: 'case',
        subject: 'user:AIDAEVE',
        label: 'user eve',
        account: '111122223333',
        openedAt: '2026-11-20T02:00:00Z',
        lastAt: '2026-11-20T02:20:00Z',
        severity: 'high',
        detections: 3,
        alerts: 2,
        playbooks: ['alert', 'contain'],
        mode: 'observe',
        actions: ['quarantine', 'deactivate-keys', 'deactivate-other-credentials', 'detach-policies'],
        ruleIds: ['opened', 'stopped'],
        fate: 'planned',
      },
    ]);
  });

  test('whose change would be undone are about whom it was made on, as in the account', async () => {
    const attached = logs('attached', [
      record('eve', 'AttachUserPolicy', '2026-11-20T02:00:00Z', {
        eventSource: 'iam.amazonaws.com',
        requestParameters: { userName: 'bob', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }),
    ]);
    const undoing = file(
      'undoing.yml',
      `title: Policy attached
id: attached
logsource: {product: aws, service: cloudtrail}
detection: {a: {eventName: AttachUserPolicy}, condition: a}
level: high
rescind: {respond: revert}
`,
    );
    expect(await casesOf(attached, { policy: enforce, rules: [undoing] })).toMatchObject([
      {
        label: 'user bob',
        playbooks: ['revert'],
        actions: ['revert-attachment', 'revert-access-key', 'revert-inline-policy'],
      },
    ]);
  });

  test('say the same with several threads as with one', async () => {
    const alone = await casesOf(eve, { policy: observe, workers: 1 });
    expect(await casesOf(eve, { policy: observe, workers: 2 })).toEqual(alone);
  });

  test('tell alerts before and after grouping, and the rules that stayed silent', async () => {
    const out = await run(eve, { policy: observe });
    expect(out).toContain('2 alerts (2 a day), one for each change of a case; ungrouped 3 (3 a day)');
    expect(out).toContain('Cases that would have opened (1: 1 planned only)');
    expect(out).toMatch(/2026-11-20 +3 +1 +2\n/);
    expect(out).toMatch(/Rules that never fired \(2\)\n {2}Key made\n {2}Never seen\n/);
  });

  test('in mode enforce are contained: told, containing, contained', async () => {
    expect(await casesOf(eve, { policy: enforce })).toMatchObject([{ fate: 'contained', mode: 'enforce', alerts: 3 }]);
  });

  test('in mode approve are asked about first', async () => {
    expect(await casesOf(eve, { policy: approve })).toMatchObject([{ fate: 'asked', mode: 'approve', alerts: 4 }]);
  });

  test('go by the response that holds a rule back', async () => {
    const held = policy(
      'held.yaml',
      'mode: enforce\nresponses:\n  - { when: { id: stopped }, mode: observe }\n  - { when: { level: medium }, playbook: contain }\n',
    );
    expect(await casesOf(eve, { policy: held })).toMatchObject([{ mode: 'enforce', fate: 'contained', alerts: 2 }]);
  });

  test('never contain whom the policy protects', async () => {
    const boss = logs('boss', [record('boss', 'StopLogging', '2026-11-20T02:00:00Z')]);
    expect(await casesOf(boss, { policy: enforce })).toMatchObject([
      { fate: 'protected', why: 'arn:aws:iam::111122223333:user/boss is protected in rescind.yaml.', alerts: 1 },
    ]);
  });

  test('leave to a human what no IAM change reaches', async () => {
    const root = { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' };
    const path = logs('root', [record('x', 'StopLogging', '2026-11-20T02:00:00Z', { userIdentity: root })]);
    expect(await casesOf(path, { policy: enforce })).toMatchObject([
      { fate: 'not-containable', why: 'No IAM policy restricts the root user.', actions: [] },
    ]);
  });

  test('open anew for a detection 24 hours after they opened, and not a second before', async () => {
    const path = logs('days', [
      record('eve', 'StopLogging', '2026-11-20T02:00:00Z'),
      record('eve', 'StopLogging', '2026-11-21T01:59:59Z'),
      record('eve', 'StopLogging', '2026-11-21T02:00:00Z'),
    ]);
    expect(await casesOf(path, { policy: observe })).toMatchObject([
      { openedAt: '2026-11-20T02:00:00Z', lastAt: '2026-11-21T01:59:59Z', detections: 2, alerts: 1 },
      { openedAt: '2026-11-21T02:00:00Z', detections: 1, alerts: 1 },
    ]);
  });

  test('know a target by its name alone, and as one with the user of that name who acted', async () => {
    const key = (userName: string, time: string) =>
      record('eve', 'CreateAccessKey', time, { requestParameters: { userName } });
    const path = logs('targets', [
      key('mallory', '2026-11-20T02:00:00Z'),
      key('bob', '2026-11-20T02:01:00Z'),
      record('bob', 'StopLogging', '2026-11-20T02:02:00Z'),
    ]);
    expect(await casesOf(path, { policy: observe })).toMatchObject([
      { subject: 'user:111122223333/mallory', byName: true, detections: 1 },
      { subject: 'user:AIDABOB', detections: 2 },
    ]);
    expect(await run(path, { policy: observe })).toContain('1 subject known only by the name in a request');
  });

  test('stop at the breaker: the sixth subject within 15 minutes is not contained', async () => {
    const path = logs(
      'many',
      ['a', 'b', 'c', 'd', 'e', 'f'].map((who, index) => record(who, 'StopLogging', `2026-11-20T02:0${index}:00Z`)),
    );
    const cases = await casesOf(path, { policy: enforce });
    expect(cases).toMatchObject([
      ...['A', 'B', 'C', 'D', 'E'].map((who) => ({ subject: `user:AIDA${who}`, fate: 'contained' })),
      { subject: 'user:AIDAF', fate: 'breaker', alerts: 1 },
    ]);
    expect(await run(path, { policy: enforce })).toContain(
      'The breaker would have opened at 2026-11-20T02:05:00Z: more than 5 subjects in 15 m.',
    );
  });

  test('are none for a record that Rescind would set aside, nor for its own calls', async () => {
    const own = {
      type: 'AssumedRole',
      principalId: 'AROAX:s',
      arn: 'arn:aws:sts::111122223333:assumed-role/Rescind-contain/s',
      accountId: '111122223333',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAX',
          arn: 'arn:aws:iam::111122223333:role/Rescind-contain',
          accountId: '111122223333',
          userName: 'Rescind-contain',
        },
      },
    };
    const path = logs('aside', [
      record('eve', 'StopLogging', '2026-11-20T02:00:00Z', { awsRegion: undefined }),
      record('x', 'StopLogging', '2026-11-20T02:00:00Z', { userIdentity: own }),
    ]);
    expect(await casesOf(path, { policy: enforce })).toEqual([]);
    const out = await run(path, { policy: enforce });
    expect(out).toContain('2 detections by 1 of 4 rules');
    expect(out).toContain('1 detection without a case: the record lacks an id');
    expect(out).toContain('1 detection without a case: calls of Rescind itself.');
  });

  test('need a policy that can be read', async () => {
    const broken = policy('broken.yaml', 'mode: enfroce\n');
    await expect(run(eve, { policy: broken })).rejects.toThrow('did you mean enforce?');
    await expect(run(eve, { policy: join(folder, 'none.yaml') })).rejects.toThrow('there is no such file');
  });
});
