import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Touched } from '../../../shared/cases/case.ts';
import type { ActionId } from '../../../shared/containment/action.ts';
import { restore } from '../../../shared/containment/restore.ts';
import { tokensExpireAt } from '../../../shared/containment/token-tail.ts';
import { verifyRestore } from '../../../shared/containment/verify-restore.ts';
import { createScene, ran, roleSubject, type Scene, sessionSubject, userSubject } from './scene.ts';

/** More with RUNS=10000. */
const numRuns = Number(process.env.RUNS ?? 100);

const AT = 'eu-west-1:111122223333';
const SECRET = `arn:aws:secretsmanager:${AT}:secret:finance/db-??????`;
const TABLE = `arn:aws:dynamodb:${AT}:table/orders`;
const INSTANCE = `arn:aws:ec2:${AT}:instance/i-0123456789abcdef0`;
const actions: readonly ActionId[] = ['deny-resource'];

function touched(...arns: readonly string[]): Touched {
  return { resources: arns.map((arn) => ({ arn })), leftOut: 0 };
}

function tables(count: number, length: number): Touched {
  return touched(
    ...Array.from({ length: count }, (_, n) => `arn:aws:dynamodb:${AT}:table/${String(n).padStart(length, 't')}`),
  );
}

async function release({ fake, ledger, clock }: Scene, subject: ReturnType<typeof userSubject>) {
  const lease = ledger.takeLease();
  await restore({ iam: fake.iam, ledger: lease }, { subject, withheld: [] });
  return verifyRestore({ iam: fake.iam, ledger: lease, clock }, { subject, withheld: [] });
}

function statements(inline: ReadonlyMap<string, string>) {
  return [...inline.values()].flatMap((text) => JSON.parse(text).Statement);
}

describe('taking the access to what was touched', () => {
  test('is one policy for a user, without condition, and leaves everything else', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice', { accessKeys: new Map([['AKIAONE', 'Active']]) });
    const report = ran(await scene.contain({ subject: userSubject(user), actions, touched: touched(SECRET, TABLE) }));
    expect(scene.fake.writes()).toEqual(['PutUserPolicy']);
    expect([...user.inline.keys()]).toEqual([expect.stringMatching(/^Rescind-DenyResource-[0-9a-f]{16}$/)]);
    expect(statements(user.inline).map(({ Effect, Action, Condition }) => [Effect, Action, Condition])).toEqual([
      ['Deny', 'secretsmanager:*', undefined],
      ['Deny', 'rds-db:connect', undefined],
      ['Deny', 'dynamodb:*', undefined],
    ]);
    expect(report.steps.map(({ title }) => title)).toEqual([
      'deny finance/db, orders to user alice, or all of their services where that does not fit',
    ]);
  });

  test('of a session is bound to its name, and of a role to none', async () => {
    const scene = createScene();
    const role = scene.fake.createRole('builder');
    await scene.contain({ subject: sessionSubject(role, 'mallory'), actions, touched: touched(TABLE) });
    expect(statements(role.inline).map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'aws:userid': `${role.roleId}:mallory` } },
    ]);
    const other = scene.fake.createRole('reader');
    const own = createScene();
    const again = own.fake.createRole('reader');
    await own.contain({ subject: roleSubject(again), actions, touched: touched(TABLE) });
    expect(statements(again.inline).map(({ Condition }) => Condition)).toEqual([undefined]);
    expect(other.inline.size).toBe(0);
  });

  test('says what it leaves: what it has no deny for, what a record did not keep, and a value that was read', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice');
    const report = ran(
      await scene.contain({
        subject: userSubject(user),
        actions,
        touched: { resources: [{ arn: SECRET, wasRead: true }, { arn: INSTANCE }], leftOut: 2 },
      }),
    );
    expect(report.shortfalls).toEqual([
      { item: INSTANCE, reason: 'not denied: Rescind has no deny for a resource of this kind' },
      { item: '2 more resources', reason: 'not denied: a call named more than are kept of one' },
      { item: SECRET, reason: expect.stringContaining('still valid') },
    ]);
    expect(report.residual.map(({ what }) => what)).toEqual([
      expect.stringContaining('everything else'),
      expect.stringContaining(`the value of ${SECRET}`),
      expect.stringContaining('open connections to databases'),
    ]);
  });

  test('is not containable where nothing was touched that could be denied', async () => {
    const scene = createScene();
    const subject = userSubject(scene.fake.createUser('alice'));
    for (const nothing of [touched(), touched(INSTANCE)]) {
      expect(await scene.contain({ subject, actions, touched: nothing })).toMatchObject({ kind: 'not-containable' });
    }
    expect(scene.fake.writes()).toEqual([]);
  });

  test('makes a second policy of all when the case learns of another resource, and a release takes both', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice', { inline: new Map([['own', '{}']]) });
    const subject = userSubject(user);
    const before = structuredClone(scene.fake.state());
    await scene.contain({ subject, actions, touched: touched(SECRET) });
    await scene.contain({ subject, actions, touched: touched(SECRET) });
    expect(user.inline.size).toBe(2);
    await scene.contain({ subject, actions, touched: touched(SECRET, TABLE) });
    expect(user.inline.size).toBe(3);
    expect(await release(scene, subject)).toEqual({ kind: 'exact' });
    expect(scene.fake.state()).toEqual(before);
  });

  test('has no tokens that outlive it, so its end is its end', async () => {
    const scene = createScene();
    const subject = userSubject(scene.fake.createUser('alice'));
    await scene.contain({ subject, actions, touched: touched(SECRET) });
    expect(tokensExpireAt(scene.ledger.entries(), 36 * 3600)).toBeUndefined();
  });
});

describe('where the ARNs do not fit into the inline policies of a user', () => {
  const fill = (length: number) => new Map([['own', 'x'.repeat(length)]]);

  test.each([
    [1_000, 'exact', [`arn:aws:dynamodb:${AT}:table/orders`, `arn:aws:dynamodb:${AT}:table/orders/*`]],
    [1_900, 'by their service', '*'],
  ])('beside %i other characters it is denied %s', async (length, _, resource) => {
    const scene = createScene();
    const user = scene.fake.createUser('alice', { inline: fill(length) });
    const before = structuredClone(scene.fake.state());
    const report = ran(await scene.contain({ subject: userSubject(user), actions, touched: touched(TABLE) }));
    expect(report.steps.map(({ result }) => result)).toEqual(['done']);
    user.inline.delete('own');
    expect(statements(user.inline)).toMatchObject([{ Effect: 'Deny', Resource: resource }]);
    user.inline.set('own', 'x'.repeat(length));
    expect(await release(scene, userSubject(user))).toEqual({ kind: 'exact' });
    expect(scene.fake.state()).toEqual(before);
  });

  test('and neither do their services: the step failed, and says that it is a quota', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice', { inline: fill(2_040) });
    const report = ran(await scene.contain({ subject: userSubject(user), actions, touched: touched(TABLE) }));
    expect(report.steps).toMatchObject([{ result: 'failed', detail: expect.stringMatching(/^quota: /) }]);
  });

  test('a document that could never fit is not even tried', async () => {
    const scene = createScene();
    const user = scene.fake.createUser('alice');
    const role = scene.fake.createRole('builder');
    const many = tables(30, 40);
    const report = ran(await scene.contain({ subject: userSubject(user), actions, touched: many }));
    expect(scene.fake.writes()).toEqual(['PutUserPolicy']);
    expect(statements(user.inline)).toMatchObject([{ Action: ['dynamodb:*'], Resource: '*' }]);
    expect(report.steps[0]?.title).toContain('by all of their services');
    // A role has room for it.
    const own = createScene();
    const bearer = own.fake.createRole('builder');
    await own.contain({ subject: roleSubject(bearer), actions, touched: many });
    expect(statements(bearer.inline)[0].Resource).toHaveLength(60);
    expect(role.inline.size).toBe(0);
  });
});

test('whatever was touched and whatever call failed, it only denies, and a release leaves exactly what was', async () => {
  const arn = fc.constantFrom(
    SECRET,
    TABLE,
    INSTANCE,
    'arn:aws:s3:::reports/a*b',
    `arn:aws:ssm:${AT}:parameter/finance/*`,
    `arn:aws:kms:${AT}:key/1234abcd`,
    `arn:aws:rds:${AT}:db:finance`,
  );
  const faults = fc.array(
    fc.tuple(
      fc.constantFrom('PutUserPolicy', 'DeleteUserPolicy', 'GetUserPolicy'),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('denied' as const, 'answer-lost' as const, 'quota' as const),
    ),
    { maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uniqueArray(arn, { minLength: 1 }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0, max: 1_600 }),
      faults,
      async (rounds, length, failing) => {
        const scene = createScene();
        const user = scene.fake.createUser('alice', { inline: new Map([['own', 'x'.repeat(length)]]) });
        const subject = userSubject(user);
        const before = structuredClone(scene.fake.state());
        for (const [operation, occurrence, fault] of failing) scene.fake.failOn(operation, occurrence, fault);
        const known = new Set<string>();
        for (const arns of rounds) {
          for (const one of arns) known.add(one);
          await scene.contain({ subject, actions, touched: touched(...known) });
        }
        for (const { operation, input } of scene.fake.calls()) {
          if (operation !== 'PutUserPolicy') continue;
          for (const { Effect } of JSON.parse(String(input.PolicyDocument)).Statement) expect(Effect).toBe('Deny');
        }
        for (const _again of [1, 2, 3, 4]) await release(scene, subject);
        // Its prior was not known: it is left to a person, and nothing is guessed.
        const unread = scene.ledger.entries().filter(({ state }) => state === 'conflict');
        if (unread.length === 0) expect(scene.fake.state()).toEqual(before);
        else expect(unread.every(({ prior }) => JSON.stringify(prior) === '{"unread":true}')).toBe(true);
      },
    ),
    { numRuns },
  );
});
