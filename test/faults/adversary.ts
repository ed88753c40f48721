import { channelOf } from '../../shared/alerts/channel.ts';
import { createRandom } from '../bench/traffic/random.ts';
import { accessEvent, rule, userPrincipal } from '../support/case-scene.ts';
import { ADMINISTRATOR_ARN, type FakeUser, QUARANTINE_ARN } from '../support/fake-iam.ts';
import { type IamAccount, IamFault } from '../support/iam-account.ts';
import { openAccess } from '../support/left-open.ts';
import { thingOf } from '../support/thing-of.ts';
import { createWholeWorld, START, type WholeWorld } from '../support/whole-world.ts';

/** As the public adversary `notyet` does; some are patient, and wait for Rescind to look less often. */
const POLL_MS = 500;
/** IAM needs so long until a change holds everywhere. */
const PROPAGATION_MS = 4_000;
const ESCALATION_MS = 10_000;
const LASTS_MS = 90_000;

export type Fight = {
  /** How often something was taken back. */
  readonly reversals: number;
  /** Something was taken back that had been put back. */
  readonly twice: boolean;
  /** They cannot be told from IAM's own delay. */
  readonly silent: boolean;
  /** From the second reversal to the page, in milliseconds. */
  readonly pagedAfter: number | undefined;
  readonly outcome: string | undefined;
  readonly violations: readonly string[];
};

/**
 * A user under containment strips it twice a second, as long as IAM still lets them (or somebody who helps them), and
 * everything that IAM enforces is four seconds old. How old what Rescind reads is, whether records of it arrive, when
 * they begin and when they give up: from the seed.
 */
export async function fight(seed: number): Promise<Fight> {
  const random = createRandom(seed);
  const helped = random.chance(0.5);
  const recorded = random.chance(0.5);
  const readLag = random.pick([0, 0, 1_000, 4_000]);
  const gaveUpAfter = random.pick([1, 2, 3, 5, 8, 1_000]);
  const pollMilliseconds = random.pick([POLL_MS, POLL_MS, POLL_MS, 5_000, 17_000]);
  const violations: string[] = [];
  const pages: number[] = [];
  let alice: FakeUser | undefined;
  const world: WholeWorld = createWholeWorld({
    seed: seed ^ 0x2545f491,
    order: 'by-time',
    callMilliseconds: () => 10 + random.below(100),
    readLagMilliseconds: () => random.below(readLag + 1),
    rules: [rule(), rule({ id: 'stripped', subject: 'target-user' })],
    watch: (alert) => {
      if (alert.state === 'contained' && alice !== undefined && alert.subject === 'user alice') {
        violations.push(...openAccess(alice).map((what) => `called contained, and ${what}`));
      }
      if (alert.state === 'needs-human' && channelOf(alert) === 'page') pages.push(world.clock.now().getTime());
    },
  });
  const { fake, clock } = world;
  alice = fake.createUser('alice', {
    attached: new Set([ADMINISTRATOR_ARN]),
    accessKeys: new Map([['AKIAALICE', 'Active']]),
  });
  const bob = fake.createUser('bob', {
    attached: new Set([ADMINISTRATOR_ARN]),
    accessKeys: new Map([['AKIABOB', 'Active']]),
  });

  // Whoever was made long ago is known everywhere.
  const begin = new Date(START).getTime() + 60_000;
  const times: number[] = [];
  const taken = new Set<string>();
  let second: number | undefined;
  const strike = async (): Promise<void> => {
    await clock.sleep(random.below(8_000));
    while (clock.now().getTime() < begin + LASTS_MS && times.length < gaveUpAfter) {
      const enforced = fake.asOf(PROPAGATION_MS);
      const actor = [alice, ...(helped ? [bob] : [])].find(
        (one) => one !== undefined && mayAct(enforced, one.userName),
      );
      if (actor !== undefined && alice !== undefined) {
        const made = strip(world, alice, random.chance(0.3));
        const reversed = made.filter(({ operation }) => operation !== 'CreateAccessKey').map(({ thing }) => thing);
        if (reversed.length > 0) times.push(clock.now().getTime());
        // What was taken back before had been put back since: that is the second reversal.
        if (reversed.some((thing) => taken.has(thing))) second ??= clock.now().getTime();
        for (const thing of reversed) taken.add(thing);
        if (recorded) for (const one of made) world.background(record(world, actor, one));
      }
      await clock.sleep(pollMilliseconds + random.below(20));
    }
  };
  const { userId, userName, arn } = alice;
  const course = async (): Promise<void> => {
    await clock.sleep(60_000);
    world.send(
      accessEvent({
        principal: userPrincipal({ userId, userName, arn, accessKeyId: 'AKIAALICE' }),
        record: { holds: ['rule-a'] },
      }),
    );
    await strike();
  };
  world.background(course());
  await world.timeline.run();

  violations.push(...world.failures.map((error) => `a fault of the run: ${String(error)}`));
  const [found] = await world.store.list();
  if (found?.state === 'contained') {
    violations.push(...openAccess(alice).map((what) => `contained in the end, and ${what}`));
  }
  const [page] = pages;
  const pagedAfter = second === undefined || page === undefined ? undefined : Math.max(0, page - second);
  // Whoever strips a deny before IAM could have told of it, and then never again, and is on no record, looks like IAM's
  // own delay: nobody can tell them apart, and the containment stands.
  const denied = world.writes[0]?.at ?? 0;
  const silent = !recorded && found?.state === 'contained' && times.every((at) => at <= denied + PROPAGATION_MS);
  if (second !== undefined && !silent && (pagedAfter === undefined || pagedAfter > ESCALATION_MS)) {
    violations.push(`nobody was told of the second reversal within ${ESCALATION_MS} ms: ${pagedAfter}`);
  }
  return {
    reversals: times.length,
    twice: second !== undefined,
    silent: second !== undefined && silent,
    pagedAfter,
    outcome: found?.outcome?.kind,
    violations,
  };
}

/** Whether IAM lets a user's key act, by what it enforces. */
function mayAct(enforced: IamAccount['operations'], userName: string): boolean {
  const { attached, inline, accessKeys, boundary } = enforced.GetUser({ UserName: userName });
  const denied =
    attached.has(QUARANTINE_ARN) ||
    boundary === QUARANTINE_ARN ||
    [...inline.values()].some((text) => text.includes('"Deny"'));
  return !denied && [...accessKeys.values()].includes('Active');
}

type Struck = {
  readonly operation: string;
  readonly thing: string;
  readonly input: { readonly [name: string]: string };
};

/** Takes back what it sees of a containment, and perhaps makes a new key. The calls that went through. */
function strip({ fake }: WholeWorld, user: FakeUser, makesKey: boolean) {
  const { userName, attached, inline, accessKeys } = user;
  const made: Struck[] = [];
  const perform = (operation: string, input: { readonly [name: string]: string }): void => {
    try {
      fake.perform(operation, { UserName: userName, ...input });
      made.push({ operation, thing: thingOf(operation, input), input });
    } catch (error) {
      // A quota stops attackers as well.
      if (!(error instanceof IamFault)) throw error;
    }
  };
  if (attached.has(QUARANTINE_ARN)) perform('DetachUserPolicy', { PolicyArn: QUARANTINE_ARN });
  for (const [PolicyName, text] of [...inline])
    if (text.includes('"Deny"')) perform('DeleteUserPolicy', { PolicyName });
  if (user.boundary === QUARANTINE_ARN) perform('DeleteUserPermissionsBoundary', {});
  for (const [AccessKeyId, status] of [...accessKeys]) {
    if (status === 'Inactive') perform('UpdateAccessKey', { AccessKeyId, Status: 'Active' });
  }
  if (makesKey) perform('CreateAccessKey', {});
  return made;
}

/** CloudTrail writes the names of parameters with a small first letter. */
function asRecorded(input: Struck['input']): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name[0]?.toLowerCase() + name.slice(1), value]),
  );
}

/** CloudTrail tells of a call some seconds later. */
async function record(world: WholeWorld, actor: FakeUser, { operation: eventName, input }: Struck): Promise<void> {
  const at = world.clock.now();
  await world.clock.sleep(1_000 + world.random.below(4_000));
  const { userId, userName, arn } = actor;
  world.send(
    accessEvent({
      eventId: `${eventName}-${at.getTime()}`,
      eventTime: `${at.toISOString().slice(0, 19)}Z`,
      eventName,
      principal: userPrincipal({ userId, userName, arn, accessKeyId: [...actor.accessKeys.keys()][0] ?? 'AKIANONE' }),
      record: { holds: ['stripped'], requestParameters: { userName: 'alice', ...asRecorded(input) } },
    }),
  );
}
