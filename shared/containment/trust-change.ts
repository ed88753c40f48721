import { isJsonObject } from '../json.ts';
import type { Change, StepState, Undo } from './action.ts';
import { type Call, parameter } from './call.ts';
import { sameDocument } from './same-document.ts';
import type { LiveState } from './snapshot.ts';
import { addedDeny, denies, orphanedIds, removeDeny, sameTrust, type TrustDeny } from './trust.ts';

/** A deny that was appended stands as long as it is in the trust policy, whatever else somebody does to that. */
export function trustState(change: Change, live: LiveState): StepState {
  if (live.kind !== 'role') return 'unknown';
  return denies(live.trust, denyOf(change)) ? 'holds' : 'undone';
}

/** Takes that one statement out again: the prior text where nothing else changed, else the text of now without it. */
export function undoTrust(change: Change, live: LiveState): Undo {
  if (live.kind !== 'role') return { kind: 'unknown', detail: 'the trust policy could not be read' };
  const { call } = change;
  const deny = denyOf(change);
  const before = priorTrust(change);
  if (!denies(live.trust, deny)) return { kind: 'already' };
  const orphans = orphanedIds(live.trust);
  if (orphans.length > 0) {
    return {
      kind: 'conflict',
      detail: `the trust policy of ${parameter(call, 'RoleName')} names ${orphans.join(', ')}, whom nobody bears any more, and IAM takes no document that does: take them out together with the statement ${deny.Sid}`,
    };
  }
  const without = removeDeny(live.trust, deny);
  if (
    sameDocument(live.trust, parameter(call, 'PolicyDocument')) ||
    (without !== undefined && sameTrust(without, before))
  ) {
    return { kind: 'call', call: withDocument(call, before) };
  }
  return without === undefined
    ? { kind: 'conflict', detail: `the trust policy of ${parameter(call, 'RoleName')} was changed meanwhile` }
    : { kind: 'call', call: withDocument(call, without) };
}

/**
 * Whether the trust policy is still the one that the change was made from: one of its principals may have been deleted
 * and created again in between, and saving an ARN anew would let the impostor in.
 */
export function isStillPrior(change: Change, live: LiveState): boolean {
  return live.kind === 'role' && sameTrust(live.trust, priorTrust(change));
}

function withDocument(call: Call, PolicyDocument: string): Call {
  return { ...call, input: { ...call.input, PolicyDocument } };
}

function denyOf(change: Change): TrustDeny {
  const deny = addedDeny(priorTrust(change), parameter(change.call, 'PolicyDocument'));
  // A ledger that does not say what was appended cannot be undone by guessing.
  if (deny === undefined) throw new TypeError('The change of a trust policy appends no statement');
  return deny;
}

function priorTrust({ prior }: Change): string {
  const document = isJsonObject(prior) ? prior.document : undefined;
  if (typeof document !== 'string') throw new TypeError('The prior value has no document');
  return document;
}
