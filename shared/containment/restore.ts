import type { Iam } from '../ports/iam.ts';
import type { Ledger, LedgerEntry } from '../ports/ledger.ts';
import type { Resources } from '../ports/resources.ts';
import type { Undo } from './action.ts';
import type { Call, CallResult } from './call.ts';
import { readChanged } from './read-changed.ts';
import { readLive, sourceOf } from './read-live.ts';
import type { ContainableSubject } from './read-subject.ts';
import { actionOf } from './registry.ts';
import { whyGone } from './same-principal.ts';
import { sendCall } from './send-call.ts';
import type { AbsentSnapshot, LiveState } from './snapshot.ts';
import { undoOrder } from './undo-order.ts';
import type { Withheld } from './withhold.ts';

/** One thing that was not given back, and why. */
export type NotRestored = { readonly key: string; readonly target: string; readonly reason: string };

export type RestoreReport =
  | {
      readonly kind: 'ran';
      /** Given back, now or before. */
      readonly restored: readonly { readonly key: string; readonly target: string }[];
      readonly withheld: readonly Withheld[];
      /** Changed by somebody else meanwhile, or no longer there: left as it is. */
      readonly conflicts: readonly NotRestored[];
      /** Not as they were written into the ledger: left as they are, for a person. */
      readonly refused: readonly NotRestored[];
      /** Denied or unreadable: worth another try. */
      readonly failed: readonly NotRestored[];
      readonly mutatingCalls: number;
    }
  /** Nobody bears the name, or somebody else does. Whatever was undone before that was noticed stays undone. */
  | { readonly kind: 'gone'; readonly detail: string };

export type RestoreDeps = { readonly iam: Iam; readonly resources?: Resources; readonly ledger: Ledger };
export type RestoreRequest = {
  readonly subject: ContainableSubject;
  /** From `withhold`, on the same ledger. */
  readonly withheld: readonly Withheld[];
};

type Undone =
  | { readonly kind: 'restored' }
  | { readonly kind: 'conflict' | 'failed' | 'quota'; readonly reason: string }
  | { readonly kind: 'gone'; readonly detail: string };

/**
 * Gives back what the ledger says was there before, last change first and the deny last of all. Three-way: only what
 * is still as we made it is changed. A rerun after a crash at any point ends in the same state.
 */
export async function restore(deps: RestoreDeps, { subject, withheld }: RestoreRequest): Promise<RestoreReport> {
  const entries = await deps.ledger.read();
  const refused = await deps.ledger.refused();
  const snapshot = await readChanged(deps, subject, entries);
  const gone = whyGone(subject, snapshot);
  if (snapshot.kind === 'absent' || gone !== undefined) return { kind: 'gone', detail: gone ?? 'It no longer exists.' };

  let mutatingCalls = 0;
  const undo = async (entry: LedgerEntry): Promise<Undone> => {
    const live = await asOfNow(deps, subject, snapshot, entry);
    const nobody = whyGone(subject, live);
    if (live.kind === 'absent' || nobody !== undefined)
      return { kind: 'gone', detail: nobody ?? 'It no longer exists.' };
    const how = await undoOf(deps, subject, entry, live);
    switch (how.kind) {
      case 'already':
        await deps.ledger.settle(entry.key, { state: 'undone' });
        return { kind: 'restored' };
      case 'unknown':
        return { kind: 'failed', reason: how.detail };
      case 'conflict':
        await deps.ledger.settle(entry.key, { state: 'conflict', detail: how.detail });
        return { kind: 'conflict', reason: how.detail };
      case 'call': {
        await deps.ledger.settle(entry.key, { state: 'undoing' });
        mutatingCalls += 1;
        const undone = await outcomeOf(deps, subject, entry, how.call, await sendCall(deps, how.call));
        await settle(deps.ledger, entry.key, undone);
        return undone;
      }
    }
  };

  const skipped = new Set(withheld.map(({ key }) => key));
  const due = undoOrder(entries).filter(({ key }) => !skipped.has(key));
  const outcomes = new Map<LedgerEntry, Undone>();
  for (const entry of due) {
    const undone = await undo(entry);
    if (undone.kind === 'gone') return undone;
    outcomes.set(entry, undone);
  }
  // The deny itself may have taken the last place that a policy needs.
  for (const [entry, { kind }] of outcomes) {
    if (kind !== 'quota') continue;
    const undone = await undo(entry);
    if (undone.kind === 'gone') return undone;
    outcomes.set(entry, undone);
  }
  const { restored, ...rest } = sorted(outcomes);
  const before = entries.filter(({ state }) => state === 'undone').map(({ key, target }) => ({ key, target }));
  return { kind: 'ran', restored: [...before, ...restored], ...rest, withheld, refused, mutatingCalls };
}

/**
 * How an entry is undone. That nothing of it is there any more is believed at the second look: IAM's answer may be older than
 * what was done, and what the ledger calls undone is not tried again.
 */
async function undoOf(
  deps: RestoreDeps,
  subject: ContainableSubject,
  entry: LedgerEntry,
  live: LiveState,
): Promise<Undo> {
  const { undo } = actionOf(entry.actionId);
  const first = undo(entry, live);
  if (first.kind !== 'already') return first;
  const again = await readLive(deps, subject, [sourceOf(entry.call)]);
  return again.kind === 'absent' || whyGone(subject, again) !== undefined ? first : undo(entry, again);
}

/** What is written whole, like a trust policy or the settings of a thing, is read once more: the snapshot may be old by then. */
async function asOfNow(
  deps: RestoreDeps,
  subject: ContainableSubject,
  snapshot: LiveState,
  { call }: LedgerEntry,
): Promise<AbsentSnapshot | LiveState> {
  if (call.service !== 'iam') return readLive(deps, subject, [sourceOf(call)]);
  return WRITTEN_WHOLE.test(call.operation) ? readLive(deps, subject, []) : snapshot;
}

/** They come with the principal, so that one read tells them. */
const WRITTEN_WHOLE = /^(UpdateAssumeRolePolicy|(Put|Delete)\w+PermissionsBoundary|(Tag|Untag)(User|Role))$/;

async function outcomeOf(
  deps: RestoreDeps,
  subject: ContainableSubject,
  entry: LedgerEntry,
  call: Call,
  result: CallResult,
): Promise<Undone> {
  switch (result.kind) {
    case 'done':
      return { kind: 'restored' };
    case 'quota':
      return { kind: 'quota', reason: result.detail };
    case 'unavailable':
      return { kind: 'failed', reason: `unavailable: ${result.detail}` };
    case 'failed':
      return { kind: 'failed', reason: `${result.error}: ${result.detail}` };
    case 'missing': {
      const live = await readLive(deps, subject, [sourceOf(call)]);
      const gone = whyGone(subject, live);
      if (live.kind === 'absent' || gone !== undefined) return { kind: 'gone', detail: gone ?? 'It no longer exists.' };
      // Taking off what is not there has reached its goal; a policy or credential that is not there cannot come back.
      if (!/^(Detach|Delete|Untag)/.test(call.operation)) {
        return { kind: 'conflict', reason: `no longer there: ${result.detail}` };
      }
      return actionOf(entry.actionId).undo(entry, live).kind === 'call'
        ? { kind: 'failed', reason: `${call.operation} found nothing to take off, and it is there` }
        : { kind: 'restored' };
    }
  }
}

async function settle(ledger: Ledger, key: string, undone: Undone): Promise<void> {
  switch (undone.kind) {
    case 'restored':
      return ledger.settle(key, { state: 'undone' });
    case 'conflict':
      return ledger.settle(key, { state: 'conflict', detail: undone.reason });
    case 'failed':
    case 'quota':
      // Perhaps made, if only the answer was lost: the next run looks again.
      return ledger.settle(key, { state: 'undoing', detail: undone.reason });
    case 'gone':
      return ledger.settle(key, { state: 'undoing', detail: undone.detail });
  }
}

function sorted(outcomes: ReadonlyMap<LedgerEntry, Undone>) {
  const restored: { readonly key: string; readonly target: string }[] = [];
  const conflicts: NotRestored[] = [];
  const failed: NotRestored[] = [];
  for (const [{ key, target }, undone] of outcomes) {
    if (undone.kind === 'restored') restored.push({ key, target });
    if (undone.kind === 'conflict') conflicts.push({ key, target, reason: undone.reason });
    if (undone.kind === 'failed' || undone.kind === 'quota') failed.push({ key, target, reason: undone.reason });
  }
  return { restored, conflicts, failed };
}
