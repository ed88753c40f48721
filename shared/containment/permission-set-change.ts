import type { PermissionSet } from '../identity-center/reach.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Action, ActionId, Change, PlanContext, Requirement, Step, StepState, Undo } from './action.ts';
import { parameter, type ResourceCall } from './call.ts';
import { canonicalJson } from './canonical-json.ts';
import { policyNameOf } from './policy-name-of.ts';
import { statementsOf } from './privileged.ts';
import { readOn, whyUnread } from './read-on.ts';
import type { ResourceRef } from './resource.ts';
import { sameDocument } from './same-document.ts';
import type { AbsentSnapshot, LiveState, PresentSnapshot } from './snapshot.ts';
import { addedDeny, appendDeny, denies, removeDeny, sameTrust, type TrustDeny } from './trust.ts';

/** What is written into a set is brought out into the accounts by a call of its own, which both directions need. */
export const PERMISSION_SET_WRITES: readonly Requirement[] = [
  {
    phase: 'apply',
    actions: ['sso:PutInlinePolicyToPermissionSet', 'sso:ProvisionPermissionSet'],
    on: 'permission-set',
  },
  {
    phase: 'undo',
    actions: [
      'sso:PutInlinePolicyToPermissionSet',
      'sso:DeleteInlinePolicyFromPermissionSet',
      'sso:ProvisionPermissionSet',
    ],
    on: 'permission-set',
  },
];

/** Letters of an inline policy, white space apart (https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html). */
const MOST_LETTERS = 10_240;

type Judged = { readonly set: PermissionSet; readonly target: string } & (
  | { readonly kind: 'edit'; readonly step: Step }
  | { readonly kind: 'left'; readonly why: string }
  | { readonly kind: 'nothing' }
);

/** Plans one statement of ours into the inline policy of each set; what cannot bear it is left, and said. */
export function denyInSets(
  actionId: ActionId,
  what: string,
  denyOf: (context: PlanContext) => TrustDeny | undefined,
): Pick<Action, 'plan' | 'shortfalls'> {
  const judged = (snapshot: PresentSnapshot, context: PlanContext): readonly Judged[] => {
    const deny = denyOf(context);
    if (deny === undefined || snapshot.kind !== 'resource') return [];
    return (snapshot.reach?.inScope ?? []).map((set) => judge(snapshot, set, deny, context));
  };
  const judge = (
    snapshot: PresentSnapshot & ResourceRef,
    set: PermissionSet,
    deny: TrustDeny,
    { begun }: PlanContext,
  ): Judged => {
    const target = `permission set ${set.name}`;
    const on: ResourceRef = { account: snapshot.account, region: snapshot.region, arn: set.arn };
    const read = readOn(snapshot, on, 'permission-set');
    if (read?.kind !== 'read') return { set, target, kind: 'left', why: whyUnread(read) ?? 'it was not read' };
    // A set that is not there gives nobody anything; a statement of ours that is there is the ledger's to judge.
    if (read.value === undefined) return { set, target, kind: 'nothing' };
    const { inline } = read.value;
    if (inline !== null && holdsAlike(inline, deny)) {
      // Whoever wrote it may have dated it before every session that it is to end.
      return begun === undefined || begun.some((change) => isSetCall(change) && hasWritten(change, on, inline, deny))
        ? { set, target, kind: 'nothing' }
        : { set, target, kind: 'left', why: `a statement ${deny.Sid} stands in it that this case did not write` };
    }
    const edit = inline === null ? { kind: 'edit' as const, document: alone(deny) } : appendDeny(inline, deny);
    if (edit.kind === 'not-editable') return { set, target, kind: 'left', why: edit.why };
    const letters = edit.document.replace(/\s/g, '').length;
    if (letters > MOST_LETTERS) {
      return {
        set,
        target,
        kind: 'left',
        why: `with our statement it would have ${letters} letters of ${MOST_LETTERS}`,
      };
    }
    return {
      set,
      target,
      kind: 'edit',
      step: {
        // Somebody's other text is another change, with a baseline of its own.
        key: policyNameOf(`${actionId}#${set.arn}#`, inline ?? ''),
        actionId,
        target,
        title: `${what} the user in permission set ${set.name}, and provision it to every account that has it`,
        call: putPolicy(on, edit.document),
        prior: { document: inline },
        fallbacks: [],
        stage: 'deny',
      },
    };
  };
  return {
    plan: (snapshot, context) => judged(snapshot, context).flatMap((one) => (one.kind === 'edit' ? [one.step] : [])),
    shortfalls: (snapshot, context) => [
      ...judged(snapshot, context).flatMap((one) =>
        one.kind === 'left' ? [{ item: one.target, reason: `left as it is: ${one.why}` }] : [],
      ),
      ...sparedIn(snapshot).map(({ name }) => ({
        item: `permission set ${name}`,
        reason: 'left as it is: rescind.yaml protects the role that it becomes',
      })),
    ],
  };
}

/**
 * A statement stands once it is in the set and every account has the set as it is. While one has not, it is not known what
 * counts there: putting it once more would not make that faster, and it is no proof that somebody took it back.
 */
export function setState(change: Change, live: LiveState): StepState {
  const read = readOn(live, onOf(change), 'permission-set');
  if (read?.kind !== 'read') return 'unknown';
  // The roles of a set that was deleted are gone with it.
  if (read.value === undefined) return 'holds';
  const { inline, behind } = read.value;
  if (inline === null || !denies(inline, denyOf(change))) return 'undone';
  return behind.length === 0 ? 'holds' : 'unknown';
}

/** Takes our statement out again: the prior text where nothing else changed, else the text of now without it. */
export function undoSet(change: Change, live: LiveState): Undo {
  const on = onOf(change);
  const read = readOn(live, on, 'permission-set');
  if (read?.kind !== 'read') return { kind: 'unknown', detail: 'the permission set could not be read' };
  if (read.value === undefined) return { kind: 'already' };
  const { inline, behind } = read.value;
  const deny = denyOf(change);
  if (inline === null || !denies(inline, deny)) {
    // Out of the set, but not out of every account: what stands in it is brought out.
    return behind.length === 0 ? { kind: 'already' } : { kind: 'call', call: asItIs(on, inline) };
  }
  const before = priorOf(change);
  const without = removeDeny(inline, deny);
  if (
    sameDocument(inline, parameter(change.call, 'InlinePolicy')) ||
    (without !== undefined && before !== null && sameTrust(without, before))
  ) {
    return { kind: 'call', call: asItIs(on, before) };
  }
  if (without === undefined) return { kind: 'conflict', detail: 'the inline policy was changed meanwhile' };
  // What held nothing but statements of ours, of several cases, goes with the last of them.
  return { kind: 'call', call: asItIs(on, sameDocument(without, EMPTY) ? null : without) };
}

/** Whether the set is still what the change was made from, or what it made of it: a policy is written whole. */
export function isSetAsRead(change: Change, live: LiveState | AbsentSnapshot): boolean {
  if (live.kind === 'absent') return false;
  const read = readOn(live, onOf(change), 'permission-set');
  if (read?.kind !== 'read' || read.value === undefined) return false;
  const { inline } = read.value;
  const same = (document: string | null): boolean =>
    inline === null || document === null ? inline === document : sameDocument(inline, document);
  return same(priorOf(change)) || same(parameter(change.call, 'InlinePolicy'));
}

/** A call of this file, whatever its direction. */
export function isSetCall(change: Pick<Change, 'call'>): boolean {
  return change.call.service === 'sso';
}

/** `arn:aws:sso:::instance/ssoins-…` of a set's own ARN. */
export function instanceOfSet(arn: string): string {
  const [prefix = '', instance = ''] = arn.replace(':permissionSet/', ':instance/').split('/');
  return `${prefix}/${instance}`;
}

function sparedIn(snapshot: PresentSnapshot): readonly PermissionSet[] {
  return snapshot.kind === 'resource' ? (snapshot.reach?.spared ?? []) : [];
}

function hasWritten(change: Change, { arn }: ResourceRef, inline: string, { Sid }: TrustDeny): boolean {
  const written = denyOf(change);
  return onOf(change).arn === arn && written.Sid === Sid && denies(inline, written);
}

/** With whatever cut-off: the first that was written stays. */
function holdsAlike(inline: string, deny: TrustDeny): boolean {
  return statementsOf(inline).some((one) => canonicalJson(anyTime(one)) === canonicalJson(anyTime(deny)));
}

function anyTime({ Condition, ...statement }: JsonObject): JsonObject {
  const { DateLessThan, ...rest } = isJsonObject(Condition) ? Condition : {};
  return { ...statement, Condition: rest, timed: DateLessThan !== undefined };
}

/** What is left of a policy that we made where there was none. */
const EMPTY = JSON.stringify({ Version: '2012-10-17', Statement: [] });

function alone(deny: TrustDeny): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [deny] });
}

function asItIs(on: ResourceRef, document: string | null): ResourceCall {
  return document === null
    ? { service: 'sso', operation: 'DeleteInlinePolicyFromPermissionSet', input: which(on), on }
    : putPolicy(on, document);
}

function putPolicy(on: ResourceRef, InlinePolicy: string): ResourceCall {
  return {
    service: 'sso',
    operation: 'PutInlinePolicyToPermissionSet',
    input: { ...which(on), InlinePolicy },
    on,
  };
}

function which({ arn }: ResourceRef) {
  return { InstanceArn: instanceOfSet(arn), PermissionSetArn: arn };
}

function onOf({ call }: Change): ResourceRef {
  if (call.service !== 'sso') throw new TypeError(`${call.operation} changes no permission set`);
  return call.on;
}

function denyOf(change: Change): TrustDeny {
  const before = priorOf(change);
  const deny = addedDeny(before ?? '{"Statement":[]}', parameter(change.call, 'InlinePolicy'));
  // A ledger that does not say what was put in cannot be undone by guessing.
  if (deny === undefined) throw new TypeError('The change of a permission set adds no statement');
  return deny;
}

function priorOf({ prior }: { readonly prior: Json }): string | null {
  const document = isJsonObject(prior) ? prior.document : undefined;
  if (document !== null && typeof document !== 'string') throw new TypeError('The prior value has no document');
  return document;
}
