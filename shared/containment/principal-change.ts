import { isJsonObject } from '../json.ts';
import type { Change, StepState, Undo } from './action.ts';
import { type Call, parameter } from './call.ts';
import { HELD_TAG, heldValue } from './held-tag.ts';
import { boundaryCall, heldCall, type PrincipalIdentity } from './principal-calls.ts';
import type { LiveState, WithPrincipal } from './snapshot.ts';

type Member = keyof WithPrincipal;
type Kind = {
  readonly what: string;
  /** What a call makes of it; `undefined`: there is none after it. */
  made(call: Call): string | undefined;
  call(of: PrincipalIdentity, value: string | undefined): Call;
};

const KINDS: Readonly<Record<Member, Kind>> = {
  boundary: {
    what: 'the permissions boundary',
    made: (call) => (call.operation.startsWith('Delete') ? undefined : parameter(call, 'PermissionsBoundary')),
    call: boundaryCall,
  },
  held: {
    what: `the tag ${HELD_TAG}`,
    made: (call) => (call.operation.startsWith('Untag') ? undefined : heldValue(call)),
    call: heldCall,
  },
};

/** A principal has one of it or none, and it comes with the principal: whoever could be read at all shows it. */
export function memberState(member: Member, { call }: Pick<Change, 'call'>, live: LiveState): StepState {
  if (live.kind === 'resource') return 'unknown';
  return live[member] === KINDS[member].made(call) ? 'holds' : 'undone';
}

/** Gives back what was there before, in the one call that takes ours away. */
export function undoMember(member: Member, { call, prior }: Change, live: LiveState): Undo {
  const kind = KINDS[member];
  if (live.kind === 'resource') return { kind: 'unknown', detail: `${kind.what} could not be read` };
  const before = priorOf(member, prior);
  if (live[member] === before) return { kind: 'already' };
  return live[member] === kind.made(call)
    ? { kind: 'call', call: kind.call(live, before) }
    : { kind: 'conflict', detail: `${kind.what} was changed meanwhile` };
}

function priorOf(member: Member, prior: Change['prior']): string | undefined {
  const value = isJsonObject(prior) ? prior[member] : undefined;
  if (value === null) return undefined;
  // A ledger that does not say what was there before cannot be undone by guessing.
  if (typeof value !== 'string') throw new TypeError(`The prior value has no ${member}`);
  return value;
}
