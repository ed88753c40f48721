import { hash } from 'node:crypto';

/** The same on every run, so that a rerun finds its own policy; 16 hex digits, for a name is at most 128 characters. */
export function policyNameOf(prefix: string, subjectKey: string): string {
  return prefix + hash('sha256', subjectKey).slice(0, 16);
}
