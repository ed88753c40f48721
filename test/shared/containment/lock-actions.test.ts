import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionId } from '../../../shared/containment/action.ts';
import { contain } from '../../../shared/containment/contain.ts';
import type { ContainableSubject } from '../../../shared/containment/read-subject.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { tokensExpireAt, tokenTail } from '../../../shared/containment/token-tail.ts';
import { verifyRestore } from '../../../shared/containment/verify-restore.ts';
import { QUARANTINE_ARN, READ_ONLY_ARN } from '../../support/fake-iam.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { createScene, roleSubject, type Scene, sessionSubject, userSubject } from './scene.ts';

/** More with RUNS=10000. */
const numRuns = Number(process.env.RUNS ?? 300);

const OF_PRINCIPAL: readonly ActionId[] = ['quarantine', 'cut-off-tokens'];
const OF_SESSION: readonly ActionId[] = ['lock-session', 'cut-off-tokens'];

/** Gives back what the first stage of a lock's end gives back, or all of it. */
async function release(
  { fake, ledger }: Pick<Scene, 'fake' | 'ledger'>,
  subject: ContainableSubject,
  stage: 'deny' | 'tokens',
) {
  const lease = ledger.takeLease();
  const kept = stage === 'deny' ? tokenTail(await lease.read()) : [];
  const withheld = kept.map(({ key, target }) => ({ key, target, reason: 'until tokens have expired' }));
  return restore({ iam: fake.iam, ledger: lease }, { subject, withheld });
}

/** The documents that Rescind wrote, in the order in which it wrote them. */
function documentsOf({ fake }: Scene): readonly unknown[] {
  return fake
    .calls()
    .flatMap(({ input }) => (typeof input.PolicyDocument === 'string' ? [JSON.parse(input.PolicyDocument)] : []))
    .map(({ Statement: [statement] }) => [statement.Effect, statement.Sid, statement.Condition]);
}

describe('a lock', () => {
  test('of a user denies everything, cuts off tokens from before it, and touches no credential', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice', { accessKeys: new Map([['AKIAONE', 'Active']]) });
    await scene.contain({ subject: userSubject(user), actions: OF_PRINCIPAL });
    expect(scene.fake.writes()).toEqual(['AttachUserPolicy', 'PutUserPolicy']);
    expect(documentsOf(scene)).toEqual([
      ['Deny', 'RescindCutOffTokens', { DateLessThan: { 'aws:TokenIssueTime': '2026-11-21T02:01:01Z' } }],
    ]);
    expect(user.accessKeys.get('AKIAONE')).toBe('Active');
  });

  test('of a role denies its next sessions as well as those that are open', async () => {
    const scene = createScene();
    const role = scene.fake.createRole('builder');
    await scene.contain({ subject: roleSubject(role), actions: OF_PRINCIPAL });
    expect(scene.fake.writes()).toEqual(['AttachRolePolicy', 'PutRolePolicy']);
    expect(role.attached.has(QUARANTINE_ARN)).toBe(true);
  });

  test('of a session keeps its name out, whenever it is opened, and leaves the others alone', async () => {
    const scene = createScene();
    const role = scene.fake.createRole('builder');
    await scene.contain({ subject: sessionSubject(role, 'mallory'), actions: OF_SESSION });
    const userid = { 'aws:userid': `${role.roleId}:mallory` };
    expect(documentsOf(scene)).toEqual([
      ['Deny', 'RescindLockSession', { StringEquals: userid }],
      [
        'Deny',
        'RescindCutOffTokens',
        { StringEquals: userid, DateLessThan: { 'aws:TokenIssueTime': '2026-11-21T02:01:01Z' } },
      ],
    ]);
    expect(scene.fake.writes()).toEqual(['PutRolePolicy', 'PutRolePolicy']);
  });

  test('of two sessions of a role ends for each alone', async () => {
    const scene = createScene();
    const ledger = createMemoryLedger(scene.clock);
    const role = scene.fake.createRole('builder');
    const [mallory, eve] = [sessionSubject(role, 'mallory'), sessionSubject(role, 'eve')];
    await scene.contain({ subject: mallory, actions: OF_SESSION });
    const { fake } = scene;
    const onlyMallory = structuredClone(fake.state());
    await contain(
      { iam: fake.iam, ledger: ledger.takeLease(), clock: scene.clock, mayWrite: async () => ({ ok: true }) },
      {
        subject: eve,
        actions: OF_SESSION,
        quarantinePolicyArn: QUARANTINE_ARN,
        sessionMarginSeconds: 60,
        pass: 'first',
      },
    );
    expect(role.inline.size).toBe(4);
    await release({ fake, ledger }, eve, 'tokens');
    expect(fake.state()).toEqual(onlyMallory);
  });
});

describe('the end of a lock', () => {
  test('takes the deny off first, and the cut-off of tokens last: there is no moment without one', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice', { attached: new Set([READ_ONLY_ARN]) });
    const subject = userSubject(user);
    const before = structuredClone(scene.fake.state());
    await scene.contain({ subject, actions: OF_PRINCIPAL });
    scene.fake.forget();
    await release(scene, subject, 'deny');
    expect(scene.fake.writes()).toEqual(['DetachUserPolicy']);
    expect([...user.inline.keys()]).toEqual([expect.stringMatching(/^Rescind-CutOffTokens-[0-9a-f]{16}$/)]);
    await release(scene, subject, 'tokens');
    expect(scene.fake.writes()).toEqual(['DetachUserPolicy', 'DeleteUserPolicy']);
    expect(scene.fake.state()).toEqual(before);
  });

  test('leaves the whole deny where the cut-off could not be written', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice');
    const subject = userSubject(user);
    scene.fake.failOn('PutUserPolicy', 1, 'denied');
    await scene.contain({ subject, actions: OF_PRINCIPAL });
    await release(scene, subject, 'deny');
    expect(user.attached.has(QUARANTINE_ARN)).toBe(true);
    await release(scene, subject, 'tokens');
    expect(user.attached.has(QUARANTINE_ARN)).toBe(false);
  });

  test('is told from the last cut-off that was written', async () => {
    const scene = createScene();
    const subject = userSubject(scene.fake.createUser('alice'));
    expect(tokensExpireAt(scene.ledger.entries(), 60)).toBeUndefined();
    await scene.contain({ subject, actions: OF_PRINCIPAL });
    expect(tokensExpireAt(scene.ledger.entries(), 36 * 3600 + 61)).toBe('2026-11-22T14:01:01.250Z');
  });

  test('and a new lock before the tokens have expired leaves a cut-off for each, which all go', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice');
    const subject = userSubject(user);
    const before = structuredClone(scene.fake.state());
    await scene.contain({ subject, actions: OF_PRINCIPAL });
    await release(scene, subject, 'deny');
    scene.clock.advance(3_600_000);
    await scene.contain({ subject, actions: OF_PRINCIPAL, releases: 1 });
    await scene.contain({ subject, actions: OF_PRINCIPAL, releases: 1, pass: 'reassert' });
    expect(user.attached.has(QUARANTINE_ARN)).toBe(true);
    expect(documentsOf(scene).map((one) => JSON.stringify(one).match(/T\d\d:\d\d/)?.[0])).toEqual(['T02:01', 'T03:01']);
    await release(scene, subject, 'deny');
    expect([...user.inline.keys()].map((name) => name.slice(-2, -1) === '-')).toEqual([false, true]);
    await release(scene, subject, 'tokens');
    expect(scene.fake.state()).toEqual(before);
  });

  test('puts a cut-off back that somebody took while a later one stands', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice');
    const subject = userSubject(user);
    await scene.contain({ subject, actions: OF_PRINCIPAL });
    await release(scene, subject, 'deny');
    await scene.contain({ subject, actions: OF_PRINCIPAL, releases: 1 });
    const [first = ''] = user.inline.keys();
    user.inline.delete(first);
    await scene.contain({ subject, actions: OF_PRINCIPAL, releases: 1, pass: 'reassert' });
    expect(user.inline.has(first)).toBe(true);
  });

  test('gives back exactly what a user had, in two stages, whatever call failed in between', async () => {
    const attached = fc
      .uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 10 })
      .map((all) => new Set(all.map((n) => `arn:aws:iam::111122223333:policy/own-${n}`)));
    const inline = fc
      .dictionary(fc.constantFrom('Rescind-Quarantine', 'own', 'other'), fc.constantFrom('{}', 'x'.repeat(950)), {
        maxKeys: 2,
      })
      .map((all) => new Map(Object.entries(all)));
    const faults = fc.array(
      fc.tuple(
        fc.constantFrom('AttachUserPolicy', 'PutUserPolicy', 'DetachUserPolicy', 'DeleteUserPolicy'),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('denied' as const, 'answer-lost' as const, 'quota' as const),
      ),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(attached, inline, faults, async (policies, documents, failing) => {
        const scene = createScene();
        for (const arn of policies) scene.fake.putPolicy(arn, '{"Statement":[]}');
        const user = scene.fake.createUser('alice', { attached: policies, inline: documents });
        const subject = userSubject(user);
        const before = structuredClone(scene.fake.state());
        for (const [operation, occurrence, fault] of failing) scene.fake.failOn(operation, occurrence, fault);
        await scene.contain({ subject, actions: OF_PRINCIPAL });
        for (const stage of ['deny', 'deny', 'tokens', 'tokens', 'tokens', 'tokens'] as const) {
          await release(scene, subject, stage);
        }
        expect(scene.fake.state()).toEqual(before);
        const verdict = await verifyRestore(
          { iam: scene.fake.iam, ledger: scene.ledger.takeLease(), clock: scene.clock },
          { subject, withheld: [] },
        );
        expect(verdict).toEqual({ kind: 'exact' });
      }),
      { numRuns },
    );
  });
});
