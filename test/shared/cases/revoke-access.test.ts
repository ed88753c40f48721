import { describe, expect, test } from 'vitest';
import type { AccessEvent } from '../../../shared/access/access-event.ts';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { putValue, secretAt } from '../../support/fake-resources.ts';
import { createWholeWorld } from '../../support/whole-world.ts';

const FOUR_HOURS = { playbook: 'revoke-access', mode: 'enforce', forSeconds: 4 * 3600 } as const;

/** Alice, who has an inline policy of her own, in front of a rule that takes the access to what was touched for 4 h. */
function aliceAtNight() {
  const world = createWholeWorld({
    seed: 1,
    order: 'by-time',
    rules: ['at-night', 'told'].map((id) => rule({ id })),
    answers: { 'at-night': FOUR_HOURS, told: { playbook: 'alert', mode: 'enforce' } },
  });
  const { userId, userName, arn } = world.fake.createUser('alice', { inline: new Map([['own', '{}']]) });
  const principal = userPrincipal({ userId, userName, arn });
  return {
    ...world,
    later: (milliseconds: number, run: () => void): void =>
      world.background(world.timeline.clock.sleep(milliseconds).then(run)),
    event: (eventId: string, of: Partial<AccessEvent>): AccessEvent => accessEvent({ eventId, principal, ...of }),
  };
}

const holds = (...rules: readonly string[]) => ({ holds: rules });
const scan = (tableName: string, ...rules: readonly string[]): Partial<AccessEvent> => ({
  eventSource: 'dynamodb.amazonaws.com',
  eventName: 'Scan',
  record: { ...holds(...rules), requestParameters: { tableName } },
});
const readSecret = (of: Partial<AccessEvent> = {}): Partial<AccessEvent> => ({
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: 'GetSecretValue',
  record: { ...holds('at-night'), requestParameters: { secretId: 'finance/db' } },
  ...of,
});

describe('access to a table that is taken for four hours', () => {
  test('is seen to be gone, and comes back by itself exactly as it was', async () => {
    const { send, event, timeline, store, fake } = aliceAtNight();
    const before = structuredClone(fake.state());
    send(event('event-1', scan('orders', 'at-night')));
    await timeline.run();
    const [found] = await store.list();
    expect(found).toMatchObject({
      state: 'released',
      release: { by: 'the end of its time', conflicts: [], failed: [] },
    });
    expect(fake.state()).toEqual(before);
    expect(fake.writes()).toEqual(['PutUserPolicy', 'DeleteUserPolicy']);
    const told = (await store.outbox('C-1')).map(({ alert }) => [alert.state, alert.outcome?.kind]);
    expect(told).toEqual([
      ['containing', undefined],
      ['contained', 'contained'],
      ['releasing', 'contained'],
      ['released', 'contained'],
    ]);
    const held = Date.parse(found?.release?.at ?? '') - Date.parse(found?.containedAt ?? '');
    expect(Math.round(held / 3_600_000)).toBe(4);
  });

  test('is followed by another table when that is touched too: one case, one plan more, nothing left at its end', async () => {
    const { send, later, event, timeline, store, fake } = aliceAtNight();
    const before = structuredClone(fake.state());
    send(event('event-1', scan('orders', 'at-night')));
    later(60_000, () => send(event('event-2', scan('payroll', 'at-night'))));
    // The same one again tells nothing new.
    later(120_000, () => send(event('event-3', scan('payroll', 'at-night'))));
    await timeline.run();
    const cases = await store.list();
    expect(cases.map(({ state, planVersion }) => [state, planVersion])).toEqual([['released', expect.any(Number)]]);
    const documents = fake
      .calls()
      .flatMap(({ operation, input }) => (operation === 'PutUserPolicy' ? [String(input.PolicyDocument)] : []));
    expect(documents.map((text) => text.includes('table/payroll'))).toEqual([false, true]);
    expect(documents.every((text) => text.includes('table/orders'))).toBe(true);
    expect(fake.state()).toEqual(before);
  });

  test('is not disproved by what she does elsewhere', async () => {
    const { send, later, event, timeline, store } = aliceAtNight();
    send(event('event-1', scan('orders', 'at-night')));
    later(120_000, () => send(event('event-2', { ...scan('lunch', 'told'), eventTime: '2026-11-21T02:02:00Z' })));
    await timeline.run();
    const told = (await store.outbox('C-1')).map(({ alert }) => alert.outcome?.kind);
    expect(told).not.toContain('partial');
  });

  test('is disproved by a call on that very table that goes through afterwards', async () => {
    const { send, later, event, timeline, store } = aliceAtNight();
    send(event('event-1', scan('orders', 'at-night')));
    later(120_000, () => send(event('event-2', { ...scan('orders', 'at-night'), eventTime: '2026-11-21T02:02:00Z' })));
    await timeline.run();
    const told = (await store.outbox('C-1')).map(({ alert }) => [alert.state, alert.outcome?.kind]);
    expect(told).toContainEqual(['needs-human', 'partial']);
  });
});

describe('a secret that was read', () => {
  const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:finance/db-??????';
  /** What each alert told: the state, and of a partial outcome why its items are missing. */
  const toldOf = async ({ store }: Pick<ReturnType<typeof aliceAtNight>, 'store'>) =>
    (await store.outbox('C-1')).map(({ alert: { state, outcome } }) => [
      state,
      outcome?.kind === 'partial'
        ? outcome.missing.map(({ item, reason }) => `${item}: ${reason}`).join()
        : outcome?.kind,
    ]);
  const rotationsIn = ({ resources }: Pick<ReturnType<typeof aliceAtNight>, 'resources'>) =>
    resources.calls().map(({ operation, input }) => [operation, input.SecretId]);

  test('and has no rotation is a known password: the deny stands, and the outcome says what a person must do', async () => {
    const world = aliceAtNight();
    secretAt(world.resources, 'finance/db', { rotates: false });
    const before = structuredClone(world.fake.state());
    world.send(world.event('event-1', readSecret()));
    await world.timeline.run();
    const verdict = (await world.store.outbox('C-1'))
      .map(({ alert }) => alert)
      .find(({ outcome }) => outcome?.kind === 'partial');
    expect(verdict?.outcome).toMatchObject({
      missing: [
        {
          item: `the value of ${SECRET}`,
          reason:
            'the value that was read is still valid: no rotation is set up for it; change the password where it opens, and then the secret',
        },
      ],
    });
    expect(JSON.stringify(verdict?.outcome)).toContain(
      'aws secretsmanager rotate-secret --secret-id arn:aws:secretsmanager:us-east-1:111122223333:secret:finance/db ',
    );
    expect(world.resources.calls()).toEqual([]);
    // What ends by itself does so all the same.
    expect((await world.store.list())[0]?.state).toBe('released');
    expect(world.fake.state()).toEqual(before);
  });

  test('is rotated twice, for its function may alternate between two users, and only then said to be contained', async () => {
    const world = aliceAtNight();
    const secret = secretAt(world.resources, 'finance/db', { lasts: 12 });
    world.send(world.event('event-1', readSecret()));
    await world.timeline.run();
    const rotated = ['RotateSecret', secret.arn];
    expect(rotationsIn(world)).toEqual([rotated, rotated]);
    expect(world.resources.stillValid()).toEqual([]);
    const told = await toldOf(world);
    expect(told[0]).toEqual(['containing', undefined]);
    expect(told[1]?.[0]).toBe('needs-human');
    expect(told[1]?.[1]).toContain('still valid: a rotation is under way');
    const verdict = (await world.store.outbox('C-1')).find(({ alert }) => alert.outcome?.kind === 'partial');
    expect(verdict?.alert.steps.map(({ state }) => state)).toEqual(['done', 'unconfirmed']);
    expect(told.at(-3)).toEqual(['contained', 'contained']);
    expect(told.at(-1)).toEqual(['released', 'contained']);
    const verdicts = told.slice(1, -3).filter(([, outcome]) => outcome !== undefined);
    expect(verdicts.every(([state]) => state === 'needs-human')).toBe(true);
    expect((await world.store.list())[0]?.release).toMatchObject({
      withheld: [
        { reason: 'a rotation is not taken back: the value before it is known to whoever read it' },
        { reason: 'a rotation is not taken back: the value before it is known to whoever read it' },
      ],
      conflicts: [],
      failed: [],
    });
  });

  test('and that its service rotates is rotated once: that knows one user', async () => {
    const world = aliceAtNight();
    const secret = secretAt(world.resources, 'finance/db', { managed: true, lasts: 2 });
    world.send(world.event('event-1', readSecret()));
    await world.timeline.run();
    expect(rotationsIn(world)).toEqual([['RotateSecret', secret.arn]]);
    expect((await toldOf(world)).map(([, outcome]) => outcome)).toEqual([
      undefined,
      'contained',
      'contained',
      'contained',
    ]);
  });

  test('whose rotation never ends stays partial until its end, and is not asked for a second time', async () => {
    const world = aliceAtNight();
    secretAt(world.resources, 'finance/db', { lasts: Number.POSITIVE_INFINITY });
    world.send(world.event('event-1', readSecret()));
    await world.timeline.run();
    expect(rotationsIn(world)).toHaveLength(1);
    expect((await toldOf(world)).map(([state]) => state)).toEqual([
      'containing',
      'needs-human',
      'releasing',
      'released',
    ]);
  });

  test('into which somebody puts values by hand, instead of a rotation that does not end, is never said to be contained', async () => {
    const world = aliceAtNight();
    const secret = secretAt(world.resources, 'finance/db', { lasts: Number.POSITIVE_INFINITY });
    world.send(world.event('event-1', readSecret()));
    world.later(10 * 60_000, () => putValue(secret, 'put-1'));
    world.later(11 * 60_000, () => putValue(secret, 'put-2'));
    await world.timeline.run();
    expect(world.resources.stillValid()).toHaveLength(1);
    const told = await toldOf(world);
    expect(told.map(([, outcome]) => outcome)).not.toContain('contained');
    expect(told.at(-1)?.[0]).toBe('released');
  });

  test.each([
    ['answer-lost', 'contained'],
    ['denied', 'partial'],
  ] as const)('whose rotation is %s by an answer of Secrets Manager is %s', async (fault, outcome) => {
    const world = aliceAtNight();
    secretAt(world.resources, 'finance/db', { managed: true, lasts: 2 });
    // From then on, so that asking again does not mend it.
    world.resources.failOn('RotateSecret', 1, fault, 1_000);
    world.send(world.event('event-1', readSecret()));
    await world.timeline.run();
    const [, verdict] = (await world.store.outbox('C-1')).map(({ alert }) => alert.outcome?.kind);
    expect([verdict, world.resources.stillValid().length]).toEqual([outcome, outcome === 'contained' ? 0 : 1]);
  });

  test('is none where the call was refused: nothing but the access is missing', async () => {
    const { send, event, timeline, store, resources } = aliceAtNight();
    secretAt(resources, 'finance/db');
    send(event('event-1', readSecret({ errorCode: 'AccessDenied' })));
    await timeline.run();
    const told = (await store.outbox('C-1')).map(({ alert }) => alert.outcome?.kind);
    expect(told).toContain('contained');
    expect(told).not.toContain('partial');
    expect(resources.log).toEqual([]);
  });
});
