import { type Chain, standingEntries } from './chain.ts';

/** What verify has seen of somebody who takes a containment back. */
export type Reversals = {
  /** Rounds in which something that we had made did not stand. */
  readonly reversals: number;
  /** One of them was not IAM's own delay. */
  readonly certain: boolean;
};

/** IAM may tell for so long what was true before a change of ours (about 4 s, see 3-containment's sources). */
export const PROPAGATION_MS = 4_000;
/** Once may be a mistake, or automation that does not know; twice is a fight, and a person has to know of it. */
const FIGHT = 2;

/**
 * Counts a round in which a change of ours is undone. Shortly after it was made that may be a read that lags: certain is
 * only what was seen to stand before, or what does not stand although it was first made long enough ago.
 */
export function countReversals(
  { reversals, certain: before }: Reversals,
  undone: readonly Chain[],
  { held, now }: { readonly held: readonly string[]; readonly now: Date },
): Reversals {
  const made = undone.filter((chain) => standingEntries(chain).some(({ state }) => state === 'done'));
  if (made.length === 0) return { reversals, certain: before };
  const certain = made.some(
    (chain) =>
      held.includes(chain.stepKey) ||
      standingEntries(chain).some(({ intendedAt }) => now.getTime() - Date.parse(intendedAt) >= PROPAGATION_MS),
  );
  return { reversals: reversals + 1, certain: before || certain };
}

/** How often contain has put the same thing back, by the ledger: also in passes that were about something else. */
export function mostReasserted(chains: readonly Chain[]): number {
  return Math.max(0, ...chains.flatMap(({ entries }) => entries.map(({ reasserted }) => reasserted)));
}

/** `byRecord`: a record shows somebody making such a change, so what was seen was no delay. */
export function isFight({ reversals, certain }: Reversals, byRecord: boolean): boolean {
  return reversals >= FIGHT && (certain || byRecord);
}

/** Calls that take back something of ours, or open what it closed, by their names in CloudTrail. */
const REVERSING = new Set([
  'DetachUserPolicy',
  'DetachRolePolicy',
  'DeleteUserPolicy',
  'DeleteRolePolicy',
  'PutUserPolicy',
  'PutRolePolicy',
  'AttachUserPolicy',
  'UpdateAccessKey',
  'CreateAccessKey',
  'UpdateServiceSpecificCredential',
  'UpdateSSHPublicKey',
  'UpdateSigningCertificate',
  'UpdateAssumeRolePolicy',
  'PutUserPermissionsBoundary',
  'PutRolePermissionsBoundary',
  'DeleteUserPermissionsBoundary',
  'DeleteRolePermissionsBoundary',
  'UntagUser',
  'UntagRole',
]);

/** Who made such calls since then, by the detections of the case: each once, in their order. */
export function whoReversed(
  detections: readonly { readonly eventName: string; readonly eventTime: string; readonly actor: string }[],
  since: string,
): readonly string[] {
  // Records tell whole seconds.
  const from = Math.floor(Date.parse(since) / 1_000) * 1_000;
  const after = detections.filter(
    ({ eventName, eventTime }) => REVERSING.has(eventName) && Date.parse(eventTime) >= from,
  );
  return [...new Set(after.map(({ actor }) => actor))];
}
