import { describe, expect, test } from 'vitest';
import { ACTION_IDS } from '../../../shared/containment/action.ts';
import { type Call, IAM_WRITES } from '../../../shared/containment/call.ts';
import { READS } from '../../../shared/containment/reads.ts';
import { ACTIONS, actionOf, chosenActions } from '../../../shared/containment/registry.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { FIRST_VERIFY, verify } from '../../../shared/containment/verify.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, roleSubject, sessionSubject, USER_ACTIONS, userSubject } from './scene.ts';

test('every action is registered under its own id', () => {
  expect(Object.entries(ACTIONS).map(([key, { id }]) => [key, id])).toEqual(
    Object.keys(ACTIONS).map((key) => [key, key]),
  );
  expect(Object.keys(ACTIONS).sort()).toEqual([...ACTION_IDS].sort());
});

test('chosen actions come once each and in the registry’s order', () => {
  expect(chosenActions(['detach-policies', 'quarantine', 'quarantine']).map(({ id }) => id)).toEqual([
    'quarantine',
    'detach-policies',
  ]);
});

test('an entry of an action that this version does not have is a fault, not a skip', () => {
  expect(() => actionOf('reset-everything')).toThrow('No action reset-everything in this version');
});

test('no action asks for an operation outside the writes, and none for creating anything', () => {
  const asked = Object.values(ACTIONS).flatMap(({ requires }) => requires.flatMap(({ actions }) => [...actions]));
  const writes = [
    ...IAM_WRITES.map((write) => `iam:${write}`),
    'cloudtrail:StartLogging',
    'cloudtrail:StopLogging',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:RevokeSecurityGroupIngress',
    'iam:GetLoginProfile',
    'iam:UpdateLoginProfile',
    'lambda:InvokeFunction',
    's3:PutAccountPublicAccessBlock',
    's3:PutBucketPublicAccessBlock',
    'secretsmanager:RotateSecret',
    'sso:DeleteInlinePolicyFromPermissionSet',
    'sso:ProvisionPermissionSet',
    'sso:PutInlinePolicyToPermissionSet',
  ];
  expect(asked.filter((name) => !writes.includes(name))).toEqual([]);
  expect(asked.filter((name) => /Create|PassRole|AssumeRole$/.test(name))).toEqual([]);
});

/** Whether some requirement covers a call: its operation, its kind of principal, and its policy where that is bound. */
function isRequired(call: Call, phase: 'apply' | 'undo'): boolean {
  const on = call.input.UserName === undefined ? 'role' : 'user';
  return Object.values(ACTIONS)
    .flatMap(({ requires }) => requires.map((one) => ({ bound: false, ...one })))
    .some(
      (requirement) =>
        requirement.phase === phase &&
        requirement.on === on &&
        requirement.actions.some((name) => name === `iam:${call.operation}`) &&
        (!('onlyQuarantinePolicy' in requirement) || call.input.PolicyArn === QUARANTINE_ARN),
    );
}

describe('what is required is what is called', () => {
  test('contain, verify and restore of everything need no other permission', async () => {
    for (const attachQuota of [2, 10]) {
      const { fake, contain, ledger, clock } = createScene({ attachQuota });
      const user = fake.createUser('alice', {
        attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
        accessKeys: new Map([['AKIAONE', 'Active']]),
        serviceCredentials: new Map([['ACCAONE', 'Active']]),
        sshKeys: new Map([['APKAONE', 'Active']]),
        certificates: new Map([['CERT', 'Active']]),
      });
      const role = fake.createRole('builder', { attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]) });
      const parts = [
        { subject: userSubject(user), actions: USER_ACTIONS },
        { subject: roleSubject(role), actions: ['quarantine', 'revoke-sessions', 'block-trust'] },
        { subject: sessionSubject(role, 'mallory'), actions: ['revoke-session'] },
      ] as const;
      for (const { subject, actions } of parts) {
        await contain({ subject, actions });
        await contain({ subject, actions, pass: 'detach' });
        await verify(
          { iam: fake.iam, ledger: ledger.takeLease(), clock },
          { subject, actions, settleSeconds: 30, progress: FIRST_VERIFY },
        );
      }
      expect(fake.calls().filter((call) => !isRequired(call, 'apply'))).toEqual([]);

      fake.forget();
      const mine = ledger.entries().filter(({ call }) => call.input.UserName !== undefined);
      expect(mine.length).toBeGreaterThan(4);
      await restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject: userSubject(user), withheld: [] });
      expect(fake.writes().length).toBeGreaterThan(4);
      expect(fake.calls().filter((call) => !isRequired(call, 'undo'))).toEqual([]);
      expect(fake.reads().filter((name) => !READS.restore.some((read) => read === `iam:${name}`))).toEqual([]);
    }
  });

  test('only contain’s quarantine may attach, and only the quarantine policy', () => {
    const attaching = Object.values(ACTIONS).flatMap(({ id, requires }) =>
      requires
        .filter(({ phase, actions }) => phase === 'apply' && actions.some((name) => name.startsWith('iam:Attach')))
        .map((requirement) => ({ id, bound: 'onlyQuarantinePolicy' in requirement })),
    );
    expect(attaching).toEqual([
      { id: 'quarantine', bound: true },
      { id: 'quarantine', bound: true },
    ]);
  });
});
