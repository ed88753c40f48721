import type { Residual, Shortfall, Unavailable } from '../cases/outcome.ts';
import type { Step } from './action.ts';

/**
 * What a case would do, as exact calls. `hash` covers calls, documents and prior values, not the
 * detections: an attacker must not be able to postpone an approval by making more noise.
 */
export type Plan = {
  readonly version: number;
  readonly hash: string;
  readonly steps: readonly Step[];
  /** What the steps will not end, known beforehand. */
  readonly residual: readonly Residual[];
  readonly unavailable: readonly Unavailable[];
  /** What could not be planned because it could not be read. */
  readonly shortfalls: readonly Shortfall[];
  readonly plannedAt: string;
  /** Why the subject counts as an administrator: contain then makes sure that it is not the last. */
  readonly administrator?: string;
  /** Services whose work runs with the role: a person is asked before it is stopped, in mode enforce as well. */
  readonly workload?: readonly string[];
  /** What no record tells of what it undoes: a person is asked first, in mode enforce as well. */
  readonly doubts?: readonly string[];
  /** Why nothing of it is done, while what an earlier plan did goes on being watched and put back. */
  readonly heldBack?: string;
};

/** Stands in a plan's documents for the cut-off, which is fixed at the moment of containment and not before. */
export const CUT_OFF_AT_CONTAINMENT = 'AT-CONTAINMENT';
