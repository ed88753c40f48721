import { thingsOf, violationsOf } from '../support/oracle.ts';
import { CRASHES, type Crash } from '../support/timeline.ts';
import { endsByItself, type Kind } from './cast.ts';
import type { Runs } from './figures.ts';
import { stageKind } from './stage-kind.ts';
import { untilItStands, witnessOf } from './witness-of.ts';

export const FLOWS = ['contain', 'contain and release'] as const;
export type FlowName = (typeof FLOWS)[number];

/** `seed`: of how long whoever calls again waits before; another for each call unless told. */
export type CrashPoint = { readonly call: number; readonly how: Crash; readonly seed?: number };

/** A containment, and its release or the end that it has by itself, with a function that ends at one of its calls: what it comes to. */
export async function crashAt(kind: Kind, flow: FlowName, point?: CrashPoint) {
  const crashes = new Map<number, Crash>(point === undefined ? [] : [[point.call, point.how]]);
  // A function that its caller lost may go on for longer than it takes to call it again.
  const { world, before } = stageKind(kind, { crashes, seed: point?.seed ?? point?.call ?? 1 });
  const look = (mayWait: boolean) =>
    witnessOf(world, before, {
      sentEvents: 1,
      budget: { callsAThing: 6, subjects: 1 },
      mayRepeatAlerts: true,
      mayWait,
    });
  const violations: string[] = [];
  if (endsByItself(kind)) {
    await untilItStands(world);
    violations.push(...violationsOf(await look(true)));
  } else {
    await world.timeline.run();
  }
  if (flow === 'contain and release') {
    // A second try of opening the case takes another id.
    for (const { caseId } of await world.store.list()) world.order({ kind: 'release', caseId, all: true });
  }
  await world.timeline.run();
  const witness = await look(false);
  const found = witness.cases.map(({ found: { state, outcome }, ledger }) => ({
    state,
    outcome: outcome?.kind,
    ledger: ledger.map((entry) => `${entry.key} ${entry.state}`).sort(),
  }));
  const now = thingsOf(world.fake.account, world.resources, world.center);
  return {
    calls: world.timeline.calls(),
    // Documents of ours name the instant of the cut-off, which a second try makes later.
    end: JSON.stringify({ found, things: flow === 'contain' ? [...now.keys()].sort() : [...now] }),
    violations: [
      ...world.failures.map((error) => `a fault of the run: ${String(error)}`),
      ...violations,
      ...violationsOf(witness),
    ],
  };
}

/** Every call of each flow, dying before it, after it, and losing only its caller; or every `nth` of them. */
export async function crashEverywhere(kinds: readonly Kind[], { nth, progress }: Runs & { readonly nth: number }) {
  let points = 0;
  const violations: string[] = [];
  for (const kind of kinds) {
    for (const flow of FLOWS) {
      const straight = await crashAt(kind, flow);
      violations.push(...straight.violations.map((one) => `${kind}, ${flow}, undisturbed: ${one}`));
      progress(`${kind}, ${flow}: ${straight.calls} calls`);
      for (let call = 1; call <= straight.calls; call += 1) {
        for (const [index, how] of CRASHES.entries()) {
          if ((call * CRASHES.length + index) % nth !== 0) continue;
          points += 1;
          const crashed = await crashAt(kind, flow, { call, how });
          const found = crashed.violations.map((one) => `${kind}, ${flow}, ${how} call ${call}: ${one}`);
          violations.push(...found);
          if (crashed.end !== straight.end) violations.push(`${kind}, ${flow}, ${how} call ${call}: ${crashed.end}`);
        }
      }
    }
  }
  return { points, violations };
}
