import type { Detection } from '../cases/case.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import { notGivenBack } from './actions/reset-console.ts';
import { NOT_UNDONE } from './actions/rotate-secret.ts';
import { parameter } from './call.ts';
import { sameName } from './same-name.ts';

/** What tells a release what not to give back: a detection, or what a look back found. */
export type Brought = Pick<Detection, 'granted' | 'accessKeyId'> & { readonly foundLater?: true };

/** An entry that a release leaves as it is, and why. */
export type Withheld = { readonly key: string; readonly target: string; readonly reason: string };

/**
 * What a release does not give back unless asked for everything: the compromised key, what a detection of this case
 * granted, and administrator rights, which need a second approval. A rotation, and a console password, are never given back.
 */
export function withhold(
  entries: readonly LedgerEntry[],
  detections: readonly Brought[],
  all: boolean,
): readonly Withheld[] {
  return entries.flatMap((entry) => {
    if (entry.state === 'undone') return [];
    const reason = whyNever(entry) ?? (all ? undefined : whyWithheld(entry, detections));
    return reason === undefined ? [] : [{ key: entry.key, target: entry.target, reason }];
  });
}

function whyNever({ actionId, call }: LedgerEntry): string | undefined {
  if (actionId === 'rotate-secret') return NOT_UNDONE;
  return actionId === 'reset-console' ? notGivenBack(call) : undefined;
}

function whyWithheld({ call, actionId }: LedgerEntry, detections: readonly Brought[]): string | undefined {
  const granted = detections.flatMap((detection) => detection.granted);
  switch (call.operation) {
    case 'UpdateAccessKey': {
      const id = parameter(call, 'AccessKeyId');
      if (detections.some(({ accessKeyId }) => accessKeyId === id)) {
        return 'it made the calls that were detected: it counts as compromised';
      }
      const brought = detections.find((one) =>
        one.granted.some((grant) => grant.kind === 'access-key-created' && grant.accessKeyId === id),
      );
      if (brought === undefined) return undefined;
      return brought.foundLater === true
        ? 'the subject created it itself shortly before, or helped by what it made'
        : 'it was created by a call that was detected';
    }
    case 'DetachUserPolicy':
    case 'DetachRolePolicy': {
      const arn = parameter(call, 'PolicyArn');
      const principal = parameter(call, call.operation === 'DetachUserPolicy' ? 'UserName' : 'RoleName');
      return granted.some(
        (grant) => grant.kind === 'policy-attached' && grant.policyArn === arn && isSame(grant.principal, principal),
      )
        ? 'it was attached by a call that was detected'
        : 'administrator rights need a second approval';
    }
    case 'DeleteUserPolicy':
    case 'DeleteRolePolicy':
      return 'it was written by a call that was detected';
    case 'UpdateAssumeRolePolicy':
      return actionId === 'revert-trust' ? 'it was opened by a call that was detected' : undefined;
    case 'StartLogging':
    case 'RevokeSecurityGroupIngress':
    case 'PutPublicAccessBlock':
      return 'it was changed by a call that was detected';
    default:
      return undefined;
  }
}

/** A detection names a principal as the record did: by name, or by ARN. */
function isSame(named: string, name: string): boolean {
  return sameName(named.slice(named.lastIndexOf('/') + 1), name);
}
