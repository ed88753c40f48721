import { createRandom } from '../bench/traffic/random.ts';
import { accessEvent, rule, sessionPrincipal, userPrincipal } from '../support/case-scene.ts';
import { ADMINISTRATOR_ARN, READ_ONLY_ARN } from '../support/fake-iam.ts';
import { thingsOf, violationsOf } from '../support/oracle.ts';
import { CRASHES, type Crash } from '../support/timeline.ts';
import { createWholeWorld, type WholeWorld } from '../support/whole-world.ts';
import { witnessOf } from './witness-of.ts';

const RULES = [
  rule({ id: 'key-used' }),
  rule({ id: 'session-used' }),
  rule({ id: 'role-misused', subject: 'target-role' }),
];
const ANSWERS = {
  'key-used': { playbook: 'contain', mode: 'enforce' },
  'session-used': { playbook: 'revoke-session', mode: 'enforce' },
  'role-misused': { playbook: 'revoke-sessions', mode: 'enforce' },
} as const;
/** Few runs of this scenario make more calls: a crash meets one of the first so many, if the run gets that far. */
const CALLS = 220;
const MOST_CRASHES = 3;

export type Interleaving = {
  readonly seed: number;
  /** Who made which call in which order: equal for equal courses. */
  readonly print: number;
  /** Those that were met: one that was to come after the last call is none. */
  readonly crashes: number;
  readonly calls: number;
  readonly violations: readonly string[];
};

/**
 * `two-cases`: at once, of sessions of a role or of one and the role itself. `one-user`: who is detected twice, which makes
 * one case, however often; in some of them it is the last administrator.
 */
export const SCENES = ['two-cases', 'one-user'] as const;
export type Scene = (typeof SCENES)[number];

/**
 * A scene with one event a second time, a release of one of its cases at a moment of its own, in one of four another event
 * of the first subject at another, and up to three crashes: what comes first follows from the seed. `tell` hears of every
 * call.
 */
export async function interleave(scene: Scene, seed: number, tell?: (line: string) => void): Promise<Interleaving> {
  const random = createRandom(seed);
  const crashes = new Map<number, Crash>();
  for (let count = random.below(MOST_CRASHES + 1); count > 0; count -= 1) {
    crashes.set(1 + random.below(CALLS), random.pick(CRASHES));
  }
  // Of one user in four it is read who else administers the account: nobody, in half of them.
  const administrators =
    scene === 'one-user' && random.chance(0.25) ? random.pick(['none', 'others'] as const) : 'not asked';
  const world = createWholeWorld({
    seed: seed ^ 0x5bd1e995,
    order: 'any-order',
    crashes,
    rules: RULES,
    answers: ANSWERS,
    settleSeconds: 1,
    asksForAdministrators: administrators !== 'not asked',
    ...(tell === undefined ? {} : { tell }),
  });
  if (administrators === 'others') makeAdministrator(world);
  const { events, again } = scene === 'one-user' ? ofUser(world) : ofRole(world);
  const before = thingsOf(world.fake.account);
  for (const event of events) world.send(event);
  const later = random.chance(0.25) ? [again] : [];
  const moment = (): Promise<void> => world.clock.sleep(random.below(20) * 500);
  const release = async (): Promise<void> => {
    await moment();
    const [first, ...others] = await world.store.list();
    if (first === undefined) return release();
    world.order({ kind: 'release', caseId: random.pick([first, ...others]).caseId, all: random.chance(0.5) });
  };
  world.background(release());
  for (const event of later) world.background(moment().then(() => world.send(event)));
  await world.timeline.run({ limit: 20_000 });

  const calls = world.timeline.calls();
  const met = [...crashes.keys()].filter((call) => call <= calls).length;
  const witness = await witnessOf(world, before, {
    sentEvents: events.length + later.length,
    budget: { callsAThing: 12, subjects: 1 },
    mayRepeatAlerts: met > 0,
    // Whoever is the last to administer the account is touched by nobody.
    ...(administrators === 'none' ? { protectedNames: ['alice'] } : {}),
  });
  const faults = world.failures.map((error) => `a fault of the run: ${String(error)}`);
  return {
    seed,
    print: world.timeline.print(),
    crashes: met,
    calls,
    violations: [...faults, ...violationsOf(witness)],
  };
}

function makeAdministrator({ fake }: WholeWorld): void {
  fake.createUser('carol', { attached: new Set([ADMINISTRATOR_ARN]), accessKeys: new Map([['AKIACAROL', 'Active']]) });
}

function ofUser({ fake }: WholeWorld) {
  const { userId, userName, arn } = fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN, READ_ONLY_ARN]),
    accessKeys: new Map([['AKIAONE', 'Active']]),
    sshKeys: new Map([['APKAONE', 'Active']]),
  });
  const principal = userPrincipal({ userId, userName, arn, accessKeyId: 'AKIAONE' });
  const event = (eventId: string) => accessEvent({ eventId, principal, record: { holds: ['key-used'] } });
  return { events: [event('e-1'), event('e-1'), event('e-2')], again: event('e-3') };
}

function ofRole({ fake, random }: WholeWorld) {
  const role = fake.createRole('builder', { inline: new Map([['own', '{}']]) });
  const session = (eventId: string, sessionName: string, holds: string) =>
    accessEvent({ eventId, principal: sessionPrincipal(role, { sessionName }), record: { holds: [holds] } });
  const first = session('e-1', 'one', 'session-used');
  const second = random.chance(0.5)
    ? session('e-2', 'two', 'session-used')
    : accessEvent({
        eventId: 'e-2',
        record: { holds: ['role-misused'], requestParameters: { roleName: role.roleName } },
      });
  return { events: [first, first, second], again: session('e-3', 'one', 'session-used') };
}
