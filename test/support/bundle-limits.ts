import type { Job } from '../../shared/cases/own-roles.ts';

/** KB of 1,000 bytes, minified, middy and everything else included: what is read before a function takes its first event. */
export const KB_AT_START: Partial<Record<Job, number>> = {
  evaluate: 400,
  contain: 450,
  plan: 460,
  verify: 470,
  revert: 450,
  restore: 400,
};
