import { createRandom } from '../bench/traffic/random.ts';
import { FAULTS } from '../support/fake-iam.ts';
import { type CenterFault, PROVISIONING_FAULTS } from '../support/fake-identity-center.ts';
import { violationsOf } from '../support/oracle.ts';
import { endsByItself, KINDS, type Kind, undisturbed } from './cast.ts';
import type { Runs } from './figures.ts';
import { stageKind } from './stage-kind.ts';
import { untilItStands, witnessOf } from './witness-of.ts';

/** One fault of one call of a containment. `times`: only this one, or every one from it on. */
export type Injection = {
  readonly kind: Kind;
  readonly operation: string;
  readonly occurrence: number;
  readonly fault: CenterFault;
  readonly times: 1 | 1_000;
};

/** What a containment from the event to its outcome came to, and a lock to its end. */
export type Injected = {
  readonly state: string | undefined;
  readonly outcome: string | undefined;
  readonly violations: readonly string[];
  /** Calls to AWS by name, each attempt of its own. */
  readonly operations: readonly string[];
};

export async function inject(kind: Kind, injection?: Injection): Promise<Injected> {
  const { world, before } = stageKind(kind, {}, ({ fake, resources, center }) => {
    if (injection === undefined) return;
    const { operation, occurrence, fault, times } = injection;
    center?.failOn(operation, occurrence, fault, times);
    if (fault === 'fails' || fault === 'never-ends') return;
    for (const one of [fake, resources]) one.failOn(operation, occurrence, fault, times);
  });
  const look = (mayWait: boolean) =>
    witnessOf(world, before, {
      sentEvents: 1,
      // Two fallbacks of a deny, each put back as often as verify asks for it.
      budget: { callsAThing: 30, subjects: 1 },
      mayRepeatAlerts: false,
      mayWait,
    });
  await (endsByItself(kind) ? untilItStands(world) : world.timeline.run());
  const cases = await world.store.list();
  // Where a record tells no more than the name of a person, its own case leads to theirs.
  const found = cases.find(({ subject }) => subject.kind !== 'beyond') ?? cases[0];
  const standing = violationsOf(await look(endsByItself(kind)));
  await world.timeline.run();
  const ended = endsByItself(kind) ? violationsOf(await look(false)) : [];
  const faults = world.failures.map((error) => `a fault of the run: ${String(error)}`);
  return {
    state: found?.state,
    outcome: found?.outcome?.kind,
    violations: [...faults, ...standing, ...ended].filter(
      (one) => injection === undefined || !nobodyCouldKnow(injection, one),
    ),
    operations: [...world.fake.log, ...world.resources.log, ...(world.center?.log ?? [])].map(
      ({ operation }) => operation,
    ),
  };
}

/** What IAM goes on saying is not there is gone, or was taken off, by all that can be known. */
function nobodyCouldKnow({ fault, times, operation }: Injection, violation: string): boolean {
  if (fault !== 'missing' || times === 1) return false;
  return (
    violation.endsWith('is gone, and it lives') ||
    (/^Get(?:User|Role)Policy$/.test(operation) && violation.includes(' PolicyName='))
  );
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
      for (const fault of faultsOf(operation)) {
        for (const times of [1, 1_000] as const) all.push({ kind, operation, occurrence, fault, times });
      }
    }
  }
  return all;
}

function faultsOf(operation: string): readonly CenterFault[] {
  return operation === 'ProvisionPermissionSet' ? [...FAULTS, ...PROVISIONING_FAULTS] : FAULTS;
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
