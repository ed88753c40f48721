import type { Reminder } from '../ports/case-store.ts';
import type { Flow } from '../ports/flow.ts';
import { type Case, dueAt } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { beginRelease, type EndHoldDeps, endOf, mayEnd } from './end-hold.ts';
import { RELEASE_SECONDS, takeOverRelease } from './timed-release.ts';

export type SweepDeps = EndHoldDeps & { readonly flow: Flow };

/** What became of one reminder. */
export type Swept = {
  readonly caseId: string;
  /** `later`: not yet, it is looked at again. `forgotten`: nothing is due on the case any more. */
  readonly kind: 'released' | 'taken-over' | 'later' | 'forgotten';
};

/**
 * Does what was due by itself and was not done: the execution that waited for it is lost. Whatever of this happens twice
 * happens once: the case says what is still due, and an execution is started under a name of its own.
 */
export async function sweepCases(deps: SweepDeps): Promise<readonly Swept[]> {
  const swept: Swept[] = [];
  const failures: unknown[] = [];
  for (const reminder of await deps.store.due(deps.clock.now().toISOString())) {
    // One that fails must not keep the others locked.
    await againWhenStale(() => sweepOne(deps, reminder)).then(
      (kind) => swept.push({ caseId: reminder.caseId, kind }),
      (error: unknown) => failures.push(error),
    );
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} cases could not be looked after`);
  return swept;
}

async function sweepOne(deps: SweepDeps, reminder: Reminder): Promise<Swept['kind']> {
  const { store, flow, clock } = deps;
  const found = await store.read(reminder.caseId);
  if (found === undefined || dueAt(found) !== reminder.at) {
    await store.forget(reminder);
    return 'forgotten';
  }
  if (found.state === 'releasing') {
    const next = takeOverRelease(found, clock.now().toISOString());
    await store.advance({ next });
    await start(flow, next);
    return 'taken-over';
  }
  // A detection that has just joined asks for more than the lock: its plan comes first.
  const planned = (await store.plan(found.caseId, found.planVersion)) !== undefined;
  if (!(planned && mayEnd(found)) && !isStuck(found, planned, clock.now())) return 'later';
  if ((await endOf(deps, found)).kind !== 'over') return 'later';
  // A plan version is left out: the execution that waited, should it wake at this very moment, then ends at its fence
  // instead of running the same release a second time.
  await start(flow, await beginRelease(deps, { ...found, planVersion: found.planVersion + 1 }));
  return 'released';
}

/** Should this not arrive, the reminder of the release brings it back. */
function start(flow: Flow, { caseId, releases }: Case): Promise<void> {
  return flow.start({ kind: 'release', caseId, release: releases, all: false });
}

/** A plan takes a minute: one that is still open after this long has lost its execution. */
function isStuck({ state, updatedAt }: Case, planned: boolean, now: Date): boolean {
  return (state === 'open' || !planned) && now.getTime() - Date.parse(updatedAt) > RELEASE_SECONDS * 1000;
}
