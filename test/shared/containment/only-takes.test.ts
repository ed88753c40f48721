import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACTION_IDS } from '../../../shared/containment/action.ts';
import { ADMINISTRATOR_ARN, QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, roleSubject, sessionSubject, userSubject } from './scene.ts';

const numRuns = 100;
const IAM_FULL_ARN = 'arn:aws:iam::aws:policy/IAMFullAccess';
const PRIVILEGED: readonly string[] = [ADMINISTRATOR_ARN, IAM_FULL_ARN];
const ORDINARY = [READ_ONLY_ARN, 'arn:aws:iam::111122223333:policy/own-1', 'arn:aws:iam::111122223333:policy/own-2'];

/** What the record says, in the words of whoever wants a deny to reach further, or to be an allow. */
const TOUCHED = {
  resources: [
    { arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders' },
    { arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/*' },
    { arn: 'arn:aws:s3:::reports/"Effect":"Allow"' },
  ],
  leftOut: 0,
};

/** Of the role of every run. */
const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}';

const status = fc.constantFrom('Active' as const, 'Inactive' as const);
const credentials = (prefix: string) =>
  fc.array(status, { maxLength: 3 }).map((all) => new Map(all.map((one, n) => [`${prefix}${n}`, one])));
const inline = fc
  .dictionary(
    fc.constantFrom('Rescind-Quarantine', 'Rescind-RevokeSessions', 'own'),
    fc.constant('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'),
  )
  .map((all) => new Map(Object.entries(all)));
const access = fc.record({
  attached: fc.uniqueArray(fc.constantFrom(...PRIVILEGED, ...ORDINARY)).map((all) => new Set(all)),
  inline,
  accessKeys: credentials('AKIA'),
  serviceCredentials: credentials('ACCA'),
  sshKeys: credentials('APKA'),
  certificates: credentials('CERT'),
});

/** Every write that containing a user, a role and a session makes with every action that there is, twice. */
async function writesOf(of: typeof access extends fc.Arbitrary<infer T> ? T : never, attachQuota: number) {
  const { fake, contain } = createScene({ attachQuota });
  for (const arn of ORDINARY) fake.putPolicy(arn, '{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}');
  fake.putPolicy(IAM_FULL_ARN, '{"Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}');
  const user = fake.createUser('alice', of);
  const role = fake.createRole('builder', {
    inline: new Map(of.inline),
    attached: new Set(of.attached),
    trust: TRUST,
  });
  for (const subject of [userSubject(user), roleSubject(role), sessionSubject(role, 'mallory')]) {
    for (const pass of ['first', 'detach', 'reassert'] as const) {
      await contain({ subject, actions: ACTION_IDS, pass, touched: TOUCHED, guarded: true });
    }
  }
  return fake.calls().filter(({ operation }) => !/^(Get|List)/.test(operation));
}

type Writes = Awaited<ReturnType<typeof writesOf>>;
const runs: { readonly given: string; readonly writes: Writes }[] = [];

// The same runs for all of the tests, which differ in what they ask of them.
beforeAll(async () => {
  for (const [of, quota] of fc.sample(fc.tuple(access, fc.constantFrom(2, 10)), numRuns)) {
    runs.push({ given: fc.stringify([of, quota]), writes: await writesOf(of, quota) });
  }
});

function always(check: (writes: Writes) => void): void {
  expect(runs).toHaveLength(numRuns);
  for (const { given, writes } of runs) {
    try {
      check(writes);
    } catch (error) {
      throw new Error(`on ${given}`, { cause: error });
    }
  }
}

describe('contain, with every action that there is, on any access', () => {
  test('makes no other writes than these', () =>
    always((writes) => {
      const operations = new Set(writes.map(({ operation }) => operation));
      for (const operation of operations) expect(operation).toMatch(/^(Attach|Detach|Put|Update|Tag)/);
    }));

  test('writes documents that deny and nothing else', () =>
    always((writes) => {
      const puts = writes.filter(({ operation }) => /^Put.*Policy$/.test(operation));
      expect(puts.length).toBeGreaterThan(0);
      for (const { input } of puts) {
        const { Statement } = JSON.parse(String(input.PolicyDocument));
        for (const { Effect } of Statement) expect(Effect).toBe('Deny');
        // What the rule about our own roles takes for ours.
        expect(input.PolicyDocument).toContain('"Effect":"Deny"');
        expect(input.PolicyDocument).not.toMatch(/"Allow"|\\u/);
      }
    }));

  test('adds one statement that denies to a trust policy, and leaves the others as they are', () =>
    always((writes) => {
      const edits = writes.filter(({ operation }) => operation === 'UpdateAssumeRolePolicy');
      expect(edits.length).toBeGreaterThan(0);
      for (const { input } of edits) {
        // One for each subject of the role.
        const ours =
          /,\{"Sid":"(?:RescindBlockTrust[0-9a-f]{16}","Effect":"Deny","Principal":"\*","Action":"sts:AssumeRole\*"(?:,"Condition":\{"BoolIfExists":\{"aws:PrincipalIsAWSService":"false"\}\})?|RescindRequireMfa[0-9a-f]{16}","Effect":"Deny","Principal":"\*","Action":"sts:AssumeRole","Condition":\{[^{}]*\{[^{}]*\},[^{}]*\{[^{}]*\}\})\}/g;
        expect(String(input.PolicyDocument)).toMatch(ours);
        expect(String(input.PolicyDocument).replaceAll(ours, '')).toBe(TRUST);
      }
    }));

  test('attaches the quarantine policy and nothing else', () =>
    always((writes) => {
      for (const { operation, input } of writes)
        if (operation.startsWith('Attach')) expect(input.PolicyArn).toBe(QUARANTINE_ARN);
    }));

  test('makes the quarantine policy a boundary and nothing else', () =>
    always((writes) => {
      for (const { operation, input } of writes)
        if (operation.endsWith('PermissionsBoundary')) expect(input.PermissionsBoundary).toBe(QUARANTINE_ARN);
    }));

  test('writes no tag but its own', () =>
    always((writes) => {
      const tags = writes.filter(({ operation }) => operation.startsWith('Tag'));
      expect(tags.length).toBeGreaterThan(0);
      for (const { input } of tags) expect(input.Tags).toEqual([{ Key: 'rescind:held', Value: 'by Rescind' }]);
    }));

  test('detaches what makes an administrator and nothing else', () =>
    always((writes) => {
      for (const { operation, input } of writes)
        if (operation.startsWith('Detach')) expect(PRIVILEGED).toContain(input.PolicyArn);
    }));

  test('switches credentials off and never on', () =>
    always((writes) => {
      for (const { operation, input } of writes)
        if (operation.startsWith('Update') && operation !== 'UpdateAssumeRolePolicy')
          expect(input.Status).toBe('Inactive');
    }));

  test('meets each of these somewhere, so that nothing above is true of nothing', async () => {
    const writes = await writesOf(
      {
        attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
        inline: new Map(),
        accessKeys: new Map([['AKIA0', 'Active']]),
        serviceCredentials: new Map([['ACCA0', 'Active']]),
        sshKeys: new Map([['APKA0', 'Active']]),
        certificates: new Map([['CERT0', 'Active']]),
      },
      10,
    );
    expect([...new Set(writes.map(({ operation }) => operation))].sort()).toEqual([
      'AttachRolePolicy',
      'AttachUserPolicy',
      'DetachUserPolicy',
      'PutRolePolicy',
      'PutUserPolicy',
      'TagRole',
      'TagUser',
      'UpdateAccessKey',
      'UpdateAssumeRolePolicy',
      'UpdateSSHPublicKey',
      'UpdateServiceSpecificCredential',
      'UpdateSigningCertificate',
    ]);
  });
});
