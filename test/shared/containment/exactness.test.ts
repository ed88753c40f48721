import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { restore } from '../../../shared/containment/restore.ts';
import { verifyRestore } from '../../../shared/containment/verify-restore.ts';
import { ADMINISTRATOR_ARN, type FakeUser, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createScene, ran, roleSubject, sessionSubject, userSubject } from './scene.ts';

/** More with RUNS=10000; this many are enough to meet every quota on each run of the tests. */
const numRuns = Number(process.env.RUNS ?? 300);

const status = fc.constantFrom('Active' as const, 'Inactive' as const);
const credentials = (prefix: string, max: number) =>
  fc.array(status, { maxLength: max }).map((all) => new Map(all.map((one, n) => [`${prefix}${n}`, one])));
const arns = [
  ADMINISTRATOR_ARN,
  READ_ONLY_ARN,
  'arn:aws:iam::aws:policy/IAMFullAccess',
  ...Array.from({ length: 9 }, (_, n) => `arn:aws:iam::111122223333:policy/own-${n}`),
];
const inline = fc.dictionary(
  fc.constantFrom('Rescind-Quarantine', 'Rescind-RevokeSessions', 'own', 'other', '__proto__'),
  fc.oneof(
    fc.constant('{"Version":"2012-10-17","Statement":[]}'),
    fc.string({ maxLength: 60 }),
    fc.constant('x'.repeat(1_950)),
  ),
  { maxKeys: 2 },
);
const access = fc.record({
  attached: fc.uniqueArray(fc.constantFrom(...arns), { maxLength: 10 }).map((all) => new Set(all)),
  inline: inline.map((all) => new Map(Object.entries(all))),
  accessKeys: credentials('AKIA', 2),
  serviceCredentials: credentials('ACCA', 4),
  sshKeys: credentials('APKA', 5),
  certificates: credentials('CERT', 2),
});

function active(some: ReadonlyMap<string, string>): number {
  return [...some.values()].filter((one) => one === 'Active').length;
}

function createAccount(of: Partial<Omit<FakeUser, 'userName' | 'userId' | 'arn'>>) {
  const { fake, ledger, contain, clock } = createScene();
  for (const arn of arns.slice(2))
    fake.putPolicy(arn, '{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}');
  fake.putPolicy(
    'arn:aws:iam::aws:policy/IAMFullAccess',
    '{"Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}',
  );
  return { fake, ledger, contain, clock, user: fake.createUser('alice', of) };
}

describe('a user with any access', () => {
  test('is given back exactly what it had, whatever call failed in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        access,
        fc.array(
          fc.tuple(
            fc.constantFrom('AttachUserPolicy', 'UpdateAccessKey', 'DetachUserPolicy'),
            fc.integer({ min: 1, max: 4 }),
            fc.constantFrom('denied' as const, 'answer-lost' as const, 'quota' as const),
          ),
          { maxLength: 2 },
        ),
        async (of, faults) => {
          const { fake, ledger, contain, clock, user } = createAccount(of);
          const subject = userSubject(user);
          const before = structuredClone(fake.state());
          for (const [operation, occurrence, fault] of faults) fake.failOn(operation, occurrence, fault);
          await contain({ subject });
          await contain({ subject, pass: 'detach' });
          const release = () => restore({ iam: fake.iam, ledger: ledger.takeLease() }, { subject, withheld: [] });
          await release();
          // Faults that were meant for a later call than the containment made may have met the first release.
          await release();
          await release();
          expect(fake.state()).toEqual(before);
          const verdict = await verifyRestore(
            { iam: fake.iam, ledger: ledger.takeLease(), clock },
            { subject, withheld: [] },
          );
          expect(verdict).toEqual({ kind: 'exact' });
        },
      ),
      { numRuns },
    );
  });

  test('is denied first, in no more calls than it has things to take back', async () => {
    await fc.assert(
      fc.asyncProperty(access, async (of) => {
        const { fake, contain, user } = createAccount(of);
        const subject = userSubject(user);
        const keys = active(user.accessKeys);
        const others = active(user.serviceCredentials) + active(user.sshKeys) + active(user.certificates);
        const privileged = [ADMINISTRATOR_ARN, 'arn:aws:iam::aws:policy/IAMFullAccess'].filter((arn) =>
          user.attached.has(arn),
        ).length;
        const full = user.attached.size === 10;
        const { steps } = ran(await contain({ subject }));
        // As the flow does: policies are detached only where the deny went through.
        if (steps[0]?.result === 'done') await contain({ subject, pass: 'detach' });
        expect(fake.writes()[0]).toBe('AttachUserPolicy');
        // Where the quota refused the first call the inline deny comes after it, and the boundary where that does not fit.
        expect(fake.writes().length).toBeLessThanOrEqual(1 + keys + others + privileged + (full ? 2 : 0));
        expect(active(user.accessKeys) + active(user.serviceCredentials)).toBe(0);
        expect(active(user.sshKeys) + active(user.certificates)).toBe(0);
      }),
      { numRuns },
    );
  });

  test('is only ever denied: every document that is written says Deny and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        access,
        fc.constantFrom(1, 10),
        fc.stringMatching(/^[\w+=,.@-]{2,64}$/),
        async (of, attachQuota, sessionName) => {
          const { fake, contain } = createScene({ attachQuota });
          const user = fake.createUser('alice', of);
          const role = fake.createRole('builder', { inline: new Map(of.inline) });
          await contain({ subject: userSubject(user) });
          await contain({ subject: roleSubject(role), actions: ['quarantine', 'revoke-sessions'] });
          await contain({ subject: sessionSubject(role, sessionName), actions: ['revoke-session'] });
          const documents = fake
            .calls()
            .flatMap(({ input }) => (typeof input.PolicyDocument === 'string' ? [input.PolicyDocument] : []));
          expect(documents.length).toBeGreaterThan(0);
          for (const document of documents) {
            const { Statement, Version } = JSON.parse(document);
            expect(Version).toBe('2012-10-17');
            expect(Statement).toHaveLength(1);
            expect(Statement[0]).toMatchObject({ Effect: 'Deny', Action: '*', Resource: '*' });
          }
        },
      ),
      { numRuns: Math.min(numRuns, 300) },
    );
  });
});
