import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function rescind(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout: out, stderr: err } = await runCommand(['rules', ...args]);
  return { code, out, err };
}

function ruleFile(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `title: ${name}\nid: ${name}\nlogsource: {product: aws, service: cloudtrail}\nlevel: low\n${body}`,
  );
  return path;
}

const good = ruleFile('good.yml', 'detection: {a: {eventName: X}, condition: a}\n');
const bad = ruleFile('bad.yml', 'detection: {a: {eventName|like: X}, condition: a}\n');
const wrong = ruleFile(
  'wrong.yml',
  'detection: {a: {eventName: X}, condition: a}\nrescind:\n  tests:\n    - {name: fires on Y, match: true, event: {eventName: Y}}\n',
);

const acting = actingFile('acting.yml', 'contain');

function actingFile(name: string, respond: string): string {
  return ruleFile(
    name,
    `detection: {a: {eventName: X}, condition: a}
rescind:
  respond: ${respond}
  tests:
    - name: fires
      match: true
      event:
        eventID: e-1
        eventTime: '2026-11-20T02:00:00Z'
        eventSource: s
        eventName: X
        awsRegion: us-east-1
        recipientAccountId: '111122223333'
        userIdentity:
          type: IAMUser
          principalId: AIDAEVE
          arn: arn:aws:iam::111122223333:user/eve
          accountId: '111122223333'
          userName: eve
    - {name: silent, match: false, event: {eventName: Y}}
`,
  );
}

describe('rescind rules', () => {
  test('check prints one line a problem, a count last, and exits 1', async () => {
    const { code, out } = await rescind('check', good, bad);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/bad\.yml:5:17 there is no modifier `like`: /);
    expect(lines.slice(1)).toEqual(['1 rule, 1 problem']);
    expect(code).toBe(1);
  });

  test('test exits 1 with the file, the line and what happened instead', async () => {
    const { code, out } = await rescind('test', wrong);
    expect(out).toContain('wrong.yml:8 failed fires on Y: the rule had to fire and stayed silent');
    expect(out).toContain('wrong.yml warning lacks a silent test');
    expect(out).toContain('1 rule, 1 test, 1 failed, 0 problems');
    expect(code).toBe(1);
  });

  test('test shows the calls that the playbook would make, on made-up access and said to be so', async () => {
    const { code, out } = await rescind('test', acting);
    expect(out).toBe(`What the playbooks would do
(an example against made-up access: the administrator policy, a read-only policy, one active and one inactive key, one service credential; AT-CONTAINMENT stands for the moment when it is done)

contain on user eve  1 rule: acting.yml
  1. attach the quarantine policy to user eve
     iam:AttachUserPolicy UserName=eve PolicyArn=arn:aws:iam::111122223333:policy/Rescind-Quarantine
  2. deactivate access key AKIAEXAMPLEFIRSTKEY0
     iam:UpdateAccessKey UserName=eve AccessKeyId=AKIAEXAMPLEFIRSTKEY0 Status=Inactive
  3. deactivate service-specific credential ACCAEXAMPLECREDENTIAL
     iam:UpdateServiceSpecificCredential UserName=eve ServiceSpecificCredentialId=ACCAEXAMPLECREDENTIAL Status=Inactive
  4. detach arn:aws:iam::aws:policy/AdministratorAccess from user eve
     iam:DetachUserPolicy UserName=eve PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess

1 rule, 2 tests, 0 failed, 0 problems
`);
    expect(code).toBe(0);
  });

  test.each([
    [
      'a playbook that does not fit the subject',
      'revoke-session',
      'revoke-session ends one session of a role; user is no session',
    ],
    [
      'a playbook that does not exist',
      'reset-console',
      'unknown playbook "reset-console"; use one of alert, contain, lock, require-mfa, revert, revoke-access, revoke-session, revoke-sessions',
    ],
  ])('test says why there are no calls: %s', async (_, playbook, why) => {
    expect((await rescind('test', actingFile(`${playbook}.yml`, playbook))).out).toContain(`  no calls: ${why}\n`);
  });

  test('list has the playbook and the mode by which a rule would be answered', async () => {
    const policy = join(folder, 'policy.yaml');
    const response = '- { when: { id: good.yml }, playbook: contain, mode: approve }';
    writeFileSync(
      policy,
      `version: 1\nhome-region: us-east-1\nmode: enforce\nprotected: ['arn:aws:iam::*:role/B']\nresponses:\n  ${response}\n`,
    );
    const { out, err } = await rescind('list', good, acting, '--policy', policy);
    expect(out).toMatch(
      /^LEVEL +RULE +ATT&CK +PLAYBOOK +MODE +NEEDS +FILE\nlow +good\.yml +contain +approve .*\nlow +acting\.yml +contain +enforce /,
    );
    expect(err).toContain(`Playbook and mode by ${policy}, whose mode is enforce.`);
  });

  test('list and explain answer in JSON, one object a line', async () => {
    const listed = await rescind('list', good, '--json');
    expect(JSON.parse(listed.out)).toMatchObject({ kind: 'rule', id: 'good.yml', level: 'low' });
    const record = join(folder, 'record.json');
    writeFileSync(record, JSON.stringify({ eventSource: 's', eventName: 'Y' }));
    const explained = await rescind('explain', 'good.yml', record, '--rules', good, '--json');
    expect(JSON.parse(explained.out)).toMatchObject({
      holds: false,
      parts: [{ text: 'eventName is "X"', found: ['Y'] }],
    });
    expect([listed.code, explained.code]).toEqual([0, 0]);
  });

  test('a path that is not there is wrong use', async () => {
    expect(await rescind('check', join(folder, 'nowhere'))).toMatchObject({ code: 2, out: '' });
  });
});
