import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-only-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** In a folder without a rescind.yaml, so that only what is named counts. */
async function rescind(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout: out, stderr: err } = await runCommand(['rules', ...args], { cwd: folder });
  return { code, out, err };
}
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

const event = (eventTime: string, secretId = 'finance/ledger'): string =>
  JSON.stringify({
    eventID: 'e-1',
    eventTime,
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    awsRegion: 'eu-central-1',
    recipientAccountId: '111122223333',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEVE',
      arn: 'arn:aws:iam::111122223333:user/eve',
      accountId: '111122223333',
      userName: 'eve',
    },
    requestParameters: { secretId },
  });
const rule = (only: string, tests = '[]'): string => `title: Secret read at night
id: night
logsource: { product: aws, service: cloudtrail }
level: high
detection: { a: { eventSource: secretsmanager.amazonaws.com }, condition: a }
rescind:
  only: ${only}
  tests: ${tests}
`;
const policy = write(
  'policy.yaml',
  `version: 1
home-region: us-east-1
schedules: { night-shift: { zone: Europe/Zurich, days: [fri], hours: "22:00-06:00" } }
sensitive: ["arn:aws:secretsmanager:*:*:secret:finance/*"]
record: { services: [secretsmanager] }
change-windows: [{ name: release, ticket: CHG-1, from: 2026-11-20T12:00:00Z, to: 2026-11-20T13:00:00Z }]
`,
);

describe('rules that ask more than their detection', () => {
  test('are checked against the policy that is named, with file, line and column', async () => {
    const file = write('typo.yml', rule('{ outside: nigth-shift }'));
    const { code, out, err } = await rescind('check', file, '--policy', policy);
    expect(out.split('\n').slice(0, 2)).toEqual([
      'typo.yml:7:20 there is no schedule "nigth-shift": did you mean night-shift?',
      '0 rules, 1 problem',
    ]);
    expect(err).toBe('');
    expect(code).toBe(1);
  });

  test('are checked without their names where there is no policy, which is said once', async () => {
    const file = write('unchecked.yml', rule('{ outside: nigth-shift }'));
    const { code, out, err } = await rescind('check', file);
    expect(out).toBe('1 rule, 0 problems\n');
    expect(err).toBe(
      'No rescind.yaml here: the names of schedules and lists are not checked. Name one with --policy FILE.\n',
    );
    expect(code).toBe(0);
  });

  test('that cannot fire are warned of, and are no problem', async () => {
    const none = write('none.yaml', 'version: 1\nhome-region: us-east-1\n');
    const file = write('asleep.yml', rule('{ sensitive: true }'));
    const { code, out, err } = await rescind('check', file, '--policy', none);
    expect(err).toBe(
      'asleep.yml:7:9 the rule cannot fire until `sensitive` in rescind.yaml names a resource (warning)\n',
    );
    expect([code, out]).toEqual([0, '1 rule, 0 problems\n']);
  });

  test('are explained condition by condition, with what the record has', async () => {
    const file = write(
      'explained.yml',
      rule('{ outside: night-shift, outside-change-window: true, sensitive: true, first-seen: [actor, resource] }'),
    );
    const record = write('record.json', event('2026-11-20T23:30:00Z', 'marketing/mail'));
    const { code, out } = await rescind('explain', 'night', record, '--rules', file, '--policy', policy);
    expect(out.trimEnd().split('\n').slice(2)).toEqual([
      expect.stringContaining('yes a'),
      expect.stringContaining('yes eventSource is "secretsmanager.amazonaws.com"'),
      expect.stringContaining('no  is outside night-shift  [record: "sat 2026-11-21 00:30 Europe/Zurich"]'),
      expect.stringMatching(
        /no {2}touches a sensitive resource {2}\[record: "arn:aws:secretsmanager:.*marketing\/mail-\?+"\]/,
      ),
      expect.stringContaining('yes is in no change window  [record: nothing]'),
      expect.stringContaining('no  is the first to bring together actor and resource'),
    ]);
    expect(code).toBe(0);
  });

  test('are listed with what they need', async () => {
    const file = write('listed.yml', rule('{ outside: night-shift, sensitive: true, first-seen: [resource, actor] }'));
    const lines = (await rescind('list', file, '--policy', policy, '--json')).out.trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      only: { outside: ['night-shift'], sensitive: true, firstSeen: ['actor', 'resource'] },
    });
  });
});
