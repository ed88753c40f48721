import { createHash } from 'node:crypto';
import type { LedgerEntry, NewLedgerEntry } from '../ports/ledger.ts';
import { canonicalJson } from './canonical-json.ts';

/** Whose ledger an entry belongs to. */
export type LedgerOwner = { readonly caseId: string; readonly subjectKey: string };

/**
 * What the code on a ledger entry covers: everything from which a release makes its calls, and whose it is. As a digest,
 * because KMS authenticates at most 4,096 bytes, and a policy document alone may be longer.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 *
 * It proves that contain, and nobody who can only write the table, read this prior value from IAM for this change of this
 * subject in this case. So a release writes into IAM nothing that was made up: no other document, policy, key or user.
 *
 * It does not prove what became of the change. `state` and its history are settled without the key, so whoever writes the
 * table can make an entry look undone, or delete it, and it is then not given back: a wrong status, and access that stays
 * taken. They cannot make an undone entry look done again, which would give back a baseline a second time: its code is
 * removed when it is settled as undone. Only somebody who had copied the code before could put it back, and the worst of
 * that is what the subject once had.
 */
export function macMessage(
  { caseId, subjectKey }: LedgerOwner,
  entry: NewLedgerEntry & Pick<LedgerEntry, 'planVersion'>,
): Uint8Array {
  const { key, actionId, target, call, prior, order, planVersion } = entry;
  const { service, operation, input } = call;
  const on = call.service === 'iam' ? {} : { on: call.on };
  const covered = canonicalJson({
    // No message of another kind that the key may ever authenticate begins like this.
    what: 'rescind-ledger-entry/1',
    caseId,
    subjectKey,
    key,
    actionId,
    target,
    call: { service, operation, input, ...on },
    prior,
    order,
    planVersion,
  });
  return createHash('sha256').update(covered).digest();
}
