import { createRandom } from '../bench/traffic/random.ts';
import { FAULTS, type Fault } from '../support/fake-iam.ts';
import { thingsOf, violationsOf } from '../support/oracle.ts';
import { createWholeWorld } from '../support/whole-world.ts';
import { castOf, KINDS, type Kind, undisturbed, worldOptionsOf } from './cast.ts';
import type { Runs } from './figures.ts';
import { witnessOf } from './witness-of.ts';

/** One fault of one call of a containment. `times`: only this one, or every one from it on. */
export type Injection = {
  readonly kind: Kind;
  readonly operation: string;
  readonly occurrence: number;
  readonly fault: Fault;
  readonly times: 1 | 1_000;
};

/** What a containment from the event to its outcome came to. */
export type Injected = {
  readonly state: string | undefined;
  readonly outcome: string | undefined;
  readonly violations: readonly string[];
  /** Calls to IAM by name, each attempt of its own. */
  readonly operations: readonly string[];
};

export async function inject(kind: Kind, injection?: Injection): Promise<Injected> {
  const world = createWholeWorld({ seed: 1, order: 'by-time', ...worldOptionsOf(kind) });
  const { event } = castOf(kind, world);
  const before = thingsOf(world.fake.account, world.resources);
  if (injection !== undefined) {
    for (const fake of [world.fake, world.resources]) {
      fake.failOn(injection.operation, injection.occurrence, injection.fault, injection.times);
    }
  }
  world.send(event);
  await world.timeline.run();
  const [found] = await world.store.list();
  const witness = await witnessOf(world, before, {
    sentEvents: 1,
    // Two fallbacks of a deny, each put back as often as verify asks for it.
    budget: { callsAThing: 30, subjects: 1 },
    mayRepeatAlerts: false,
  });
  const faults = world.failures.map((error) => `a fault of the run: ${String(error)}`);
  return {
    state: found?.state,
    outcome: found?.outcome?.kind,
    violations: [...faults, ...violationsOf(witness)].filter(
      // A principal of whom IAM goes on saying that there is none is gone by all that can be known.
      (one) => !(injection?.fault === 'missing' && injection.times > 1 && one.endsWith('is gone, and it lives')),
    ),
    operations: [...world.fake.log, ...world.resources.log].map(({ operation }) => operation),
  };
}

/** Every call of an undisturbed containment, with every fault, once and from then on. */
export async function injections(): Promise<readonly Injection[]> {
  const all: Injection[] = [];
  for (const kind of KINDS) {
    const { operations, outcome, violations } = await inject(kind);
    if (outcome !== undisturbed(kind) || violations.length > 0) {
      throw new Error(`Undisturbed, ${kind} is ${outcome}: ${violations.join('; ')}`);
    }
    const counts = new Map<string, number>();
    for (const operation of operations) {
      const occurrence = (counts.get(operation) ?? 0) + 1;
      counts.set(operation, occurrence);
      for (const fault of FAULTS) {
        for (const times of [1, 1_000] as const) all.push({ kind, operation, occurrence, fault, times });
      }
    }
  }
  return all;
}

/** Injects this share of the faults. */
export async function injectAll({ seed, share, progress }: Runs & { readonly share: number }) {
  const random = createRandom(seed);
  const all = (await injections()).filter(() => random.chance(share));
  const outcomes = new Map<string, number>();
  const violations: string[] = [];
  for (const [index, injection] of all.entries()) {
    if (index % 200 === 0) progress(`${index} of ${all.length} faults`);
    const { outcome = 'none', violations: found } = await inject(injection.kind, injection);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const { kind, operation, occurrence, fault, times } = injection;
    violations.push(
      ...found.map((one) => `${kind}: ${operation} ${occurrence} ${fault}${times > 1 ? ' from then on' : ''}: ${one}`),
    );
  }
  return { faults: all.length, outcomes, violations };
}
