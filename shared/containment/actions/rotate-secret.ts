import { NOTHING_TOUCHED } from '../../cases/case.ts';
import { isJsonObject } from '../../json.ts';
import type { LedgerEntry } from '../../ports/ledger.ts';
import type { Action, Change, PlanContext, Step } from '../action.ts';
import { parameter } from '../call.ts';
import { readOn, whyUnread } from '../read-on.ts';
import type { ResourceRef } from '../resource.ts';
import { readSecrets, rotationToken, type SecretState } from '../secret.ts';
import type { LiveState, PresentSnapshot } from '../snapshot.ts';

/**
 * Starts the rotation that is set up for a secret whose value was handed out, and changes nothing of how it is set up. A
 * function that alternates between two users gives the first rotation to the other one: the password that was read is valid
 * until the second (https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_strategies.html). Which
 * way a function works is in the value, which Rescind never reads; so the version that was read must lose its last label,
 * by a second rotation once the first is through, unless another service rotates it, which knows one user.
 */
export const rotateSecret: Action = {
  id: 'rotate-secret',
  title: 'Rotate the secrets that were read',
  stage: 'credentials',
  beyondIam: true,
  requires: [
    { phase: 'apply', actions: ['secretsmanager:RotateSecret'], on: 'secret' },
    { phase: 'apply', actions: ['lambda:InvokeFunction'], on: 'rotation-function' },
  ],
  inlineNames: () => [],
  plan: (snapshot, { touched = NOTHING_TOUCHED, begun, releases = 0 }) =>
    readSecrets(touched).flatMap((of) => {
      const found = rotating(snapshot, of);
      if (found === undefined) return [];
      // What was read after a release is another value.
      const key = `rotate-secret#${of.arn}${releases === 0 ? '' : `#${releases}`}`;
      const first = begun?.find((entry) => entry.key === key);
      const current = first === undefined ? rotationToken(found.arn, found.current) : found.current;
      // A plan shows both, to be approved as a whole; whoever carries it out makes the second in its time.
      const again = begun === undefined ? !found.managed : first !== undefined && isAgainDue(first, found);
      return [stepOf(of, found, key), ...(again ? [stepOf(of, { ...found, current }, `${key}${AGAIN}`)] : [])];
    }),
  shortfalls: (snapshot, context) =>
    secretsLeft(snapshot, context).map(({ arn, why }) => ({ item: valueIn(arn), reason: `${STILL_VALID}: ${why}` })),
  state: (change, live) => (whyNotReplaced(change, live) === undefined ? 'holds' : 'unknown'),
  explain: whyNotReplaced,
  // A release never comes as far: see withhold.
  undo: () => ({ kind: 'conflict', detail: NOT_UNDONE }),
};

export const NOT_UNDONE = 'a rotation is not taken back: the value before it is known to whoever read it';

type Rotating = SecretState & { readonly current: string };

function rotating(snapshot: PresentSnapshot, of: ResourceRef): Rotating | undefined {
  const read = readOn(snapshot, of, 'secret');
  const found = read?.kind === 'read' ? read.value : undefined;
  return found?.rotates === true && found.current !== null ? { ...found, current: found.current } : undefined;
}

const AGAIN = '#again';

function valueIn(arn: string): string {
  return `the value of ${arn}`;
}

function stepOf(of: ResourceRef, { arn, current }: Rotating, key: string): Step {
  const again = key.endsWith(AGAIN);
  return {
    key,
    actionId: 'rotate-secret',
    target: valueIn(of.arn),
    title: again
      ? `rotate ${of.arn} once more when that is through, for it may have replaced another user's password`
      : `rotate ${of.arn}, whose value was read; no release takes that back`,
    call: {
      service: 'secretsmanager',
      operation: 'RotateSecret',
      input: { SecretId: arn, ClientRequestToken: rotationToken(arn, current) },
      on: of,
    },
    prior: { current, wasRead: !again },
    fallbacks: [],
    stage: 'credentials',
  };
}

type Prior = { readonly current: string; readonly wasRead: boolean };

function priorOf({ prior }: Pick<Change, 'prior'>): Prior {
  const { current, wasRead } = isJsonObject(prior) ? prior : {};
  if (typeof current !== 'string' || typeof wasRead !== 'boolean')
    throw new TypeError('The prior value has no version');
  return { current, wasRead };
}

/** The first is through, and was ours, so that the second is the one that the plan shows. */
function isAgainDue(first: Change, { current, pending, managed }: SecretState): boolean {
  return !managed && !pending && current === parameter(first.call, 'ClientRequestToken');
}

/**
 * By what a fresh read shows. Never `undone`: a rotation takes minutes, and nobody reversed it. Whoever may put values can
 * take every label off the version that was read, and no password changes by that: only versions that our requests made are
 * known to be rotations, and of others no more than that there was one since. Two are known by nothing.
 */
function whyNotReplaced({ call, prior, intendedAt }: Asked, live: LiveState): string | undefined {
  if (call.service === 'iam') throw new TypeError(`${call.operation} rotates no secret`);
  const read = readOn(live, call.on, 'secret');
  const unread = whyUnread(read);
  if (read?.kind !== 'read') return `${STILL_VALID}, as far as is known: ${unread}`;
  if (read.value === undefined) return 'there is no such secret any more: what it opened may still open with its value';
  const before = priorOf({ prior });
  const { arn, current, previous, pending, managed, rotatedAt } = read.value;
  if (pending) return `${STILL_VALID}: a rotation is under way, or failed and left its version behind`;
  if (current === before.current) return `${STILL_VALID}: no rotation has replaced it`;
  if (!before.wasRead) return undefined;
  const made = parameter(call, 'ClientRequestToken');
  const last = managed ? made : rotationToken(arn, made);
  if (current === last || previous === last) return undefined;
  if (current === made) return `${ONCE}, and must be once more, which Rescind sees to in a case that ends by itself`;
  if (previous === made) return `${ONCE}, and what came after it is not Rescind's second rotation: ${BY_HAND}`;
  if (!isSince(rotatedAt, intendedAt)) {
    return `${STILL_VALID}: its value was changed, and Secrets Manager tells of no rotation since: ${BY_HAND}`;
  }
  return managed ? undefined : `${ONCE}, and no more than that is known: ${BY_HAND}`;
}

type Asked = Change & Partial<Pick<LedgerEntry, 'intendedAt'>>;

/** Secrets Manager may tell whole seconds. */
function isSince(rotatedAt: string | null, intendedAt: string | undefined): boolean {
  if (rotatedAt === null || intendedAt === undefined) return false;
  return Date.parse(rotatedAt) >= Math.floor(Date.parse(intendedAt) / 1_000) * 1_000;
}

const STILL_VALID = 'the value that was read is still valid';
const ONCE = `${STILL_VALID} where its function alternates between two users: it was rotated once`;
const BY_HAND = 'rotate it once more by hand, or change the password where it opens';

/** Secrets that were read and that no step rotates. Contain asks no other service, and leaves it to revert to say. */
export function secretsLeft(
  snapshot: PresentSnapshot,
  { touched = NOTHING_TOUCHED }: Pick<PlanContext, 'touched'>,
): readonly { readonly arn: string; readonly why: string }[] {
  if (snapshot.resources === undefined) return [];
  return touched.resources
    .filter(({ wasRead }) => wasRead === true)
    .flatMap(({ arn }) => {
      const of = readSecrets(touched).find((one) => one.arn === arn);
      if (of !== undefined && rotating(snapshot, of) !== undefined) return [];
      return [{ arn, why: whyNot(snapshot, of) }];
    });
}

function whyNot(snapshot: PresentSnapshot, of: ResourceRef | undefined): string {
  if (of === undefined) return 'its record does not say where it is; rotate it, and whatever else opens with it';
  const read = readOn(snapshot, of, 'secret');
  if (read?.kind !== 'read') return `whether it rotates is not known (${whyUnread(read)}); rotate it by hand`;
  return read.value === undefined
    ? 'there is no such secret any more; change what it opened'
    : 'no rotation is set up for it; change the password where it opens, and then the secret';
}

/**
 * Whether a look at the secrets shows that there is something to do: one is replaced, or its second rotation can begin. One
 * whose second is asked for already is waited for, whatever became of it.
 */
export function rotationMoved(entries: readonly LedgerEntry[], live: LiveState): boolean {
  return entries.some((entry) => {
    if (whyNotReplaced(entry, live) === undefined) return true;
    if (entry.call.service === 'iam' || entry.key.endsWith(AGAIN)) return false;
    const read = readOn(live, entry.call.on, 'secret');
    const found = read?.kind === 'read' ? read.value : undefined;
    const asked = entries.some(({ key }) => key === `${entry.key}${AGAIN}`);
    return found !== undefined && !asked && isAgainDue(entry, found);
  });
}
