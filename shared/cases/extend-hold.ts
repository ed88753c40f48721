import { formatDuration } from '../config/duration.ts';
import { LONGEST_LOCK_SECONDS } from '../config/policy-defaults.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Case } from './case.ts';
import { endOfHolds, type Hold, later, withEnd } from './hold.ts';
import { alertOf, moveCase } from './move-case.ts';
import type { Answer } from './operate.ts';

type Deps = { readonly store: CaseStore; readonly clock: Pick<Clock, 'now'> };

/** Moves the end of the hold that ends last. Whoever waits for the end finds it moved, and waits again. */
export async function extendHold({ store, clock }: Deps, found: Case, seconds: number, by: string): Promise<Answer> {
  const { caseId, subject } = found;
  const at = clock.now().toISOString();
  const holds = (await store.holds(subject.key)).filter((hold) => hold.caseId === caseId);
  const end = endOfHolds(holds, at);
  const objection = whyNotExtend(found, end);
  if (objection !== undefined) return { kind: 'refused', why: objection };
  const last = end.kind === 'at' ? holds.find(({ until }) => until === end.at) : undefined;
  if (last?.until === undefined)
    throw new TypeError(`${caseId} has no hold that ends at ${found.until ?? 'any time'}.`);

  const until = later(last.until, seconds);
  if (until > later(last.startedAt, LONGEST_LOCK_SECONDS)) {
    const longest = formatDuration(LONGEST_LOCK_SECONDS);
    const why = `${caseId} is locked since ${last.startedAt}, and no lock lasts longer than ${longest}: at most until ${later(last.startedAt, LONGEST_LOCK_SECONDS)}.`;
    return { kind: 'refused', why };
  }
  const extended: Hold = { ...last, until, extensions: [...(last.extensions ?? []), { by, at, until }] };
  // Who is being fought goes on being put back: the state does not change, only its end.
  const moved = moveCase(found, found.state, at, found.fighting === true ? { fighting: true } : {});
  const next = withEnd(moved, holds, [extended], at);
  const length = formatDuration(seconds);
  const alert = alertOf(next, await store.detections(caseId), [], `extended by ${length}, until ${until}, by ${by}`);
  await store.advance({ next, alert, holds: [extended] });
  return { kind: 'accepted', text: `${caseId} is contained until ${until}.`, caseId };
}

function whyNotExtend({ caseId, state }: Case, end: ReturnType<typeof endOfHolds>): string | undefined {
  switch (state) {
    case 'released':
    case 'closed':
      return `${caseId} is ${state}: there is no lock to extend.`;
    case 'releasing':
      return `${caseId} is being released: its lock cannot be extended any more.`;
    case 'open':
    case 'awaiting-approval':
    case 'containing':
    case 'contained':
    case 'needs-human':
      break;
  }
  switch (end.kind) {
    case 'person':
      return `${caseId} stays contained until a person releases it: there is no end to move.`;
    case 'over':
      return `${caseId} has no lock that could be extended.`;
    case 'at':
      return undefined;
  }
}
