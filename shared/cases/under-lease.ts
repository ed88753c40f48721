import type { CaseStore, Lease } from '../ports/case-store.ts';

/**
 * Longer than a function may run (60 s) plus what its last SDK call may still take after that: a lease must not
 * expire while its holder can still change something.
 */
export const LEASE_SECONDS = 90;

/** Runs work as the only one that may change the subject. Throws LeaseHeldError when somebody else does. */
export async function underLease<T>(
  store: CaseStore,
  subjectKey: string,
  owner: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = await store.acquireLease(subjectKey, owner, LEASE_SECONDS);
  try {
    return await work(lease);
  } finally {
    await store.releaseLease(lease);
  }
}
