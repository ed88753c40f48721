import { findOtherAdministrator, type OtherAdministrator } from '../containment/last-administrator.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { IamReads } from '../ports/iam.ts';
import type { Case } from './case.ts';
import { openCaseOf } from './open-case.ts';
import type { PrincipalSubject } from './subject.ts';

type Store = Pick<CaseStore, 'breaker' | 'claim' | 'read' | 'approval'>;

/**
 * Whether the account could still be administered with the subject contained. IAM needs seconds until it shows everywhere
 * what was denied, and two cases may be at it at once: of whoever is losing access by another case just now, or has lost it,
 * nobody may conclude that they remain. So of two last administrators one is contained, and the other is a person's.
 */
export async function findAdministratorBeside(
  { store, iam }: { readonly store: Store; readonly iam: IamReads },
  subject: PrincipalSubject,
): Promise<OtherAdministrator> {
  return findOtherAdministrator(iam, subject, await losingAccess(store, subject.key));
}

/** ARNs of the users and roles that the breaker let through lately, as far as their cases have got. */
async function losingAccess(store: Store, own: string): Promise<ReadonlySet<string>> {
  const { passed } = await store.breaker();
  const ours = order(own, passed[own]);
  const arns = Object.entries(passed)
    .filter(([key]) => key !== own)
    .map(async ([key, at]) => {
      const found = await openCaseOf(store, key);
      if (found?.subject.kind !== 'user' && found?.subject.kind !== 'role') return [];
      // Each would wait for the other, if neither were the first.
      const counts = hasLost(found) || (order(key, at) < ours && (await isLosing(store, found)));
      return counts ? [found.subject.arn] : [];
    });
  return new Set((await Promise.all(arns)).flat());
}

/** Whom the breaker let through first; without a time of its own a subject comes last. */
function order(key: string, at = '~'): string {
  return `${at}#${key}`;
}

function hasLost({ state, outcome }: Case): boolean {
  return state === 'contained' || (state === 'needs-human' && outcome?.kind === 'partial');
}

async function isLosing(store: Store, { caseId, planVersion, state }: Case): Promise<boolean> {
  if (state === 'containing') return true;
  return state === 'awaiting-approval' && (await store.approval(caseId, planVersion))?.answer?.approved === true;
}
