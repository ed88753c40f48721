import type { CaseState, Detection } from '../cases/case.ts';
import type { LastRelease } from '../cases/last-release.ts';
import type { Outcome } from '../cases/outcome.ts';
import type { Mode } from '../config/policy.ts';
import type { ResidueItem } from '../residue/residue.ts';
import type { Level } from '../rules/rule.ts';

/** Stands for the case in the one page that the breaker sends when it opens: it concerns no single case. */
export const BREAKER_CASE = 'BREAKER';

/** What the outbox holds for one change of a case's state: the facts, from which every channel's text is rendered. */
export type Alert = {
  readonly schema: 'rescind.alert/1';
  /** `<case id>#<case version>`: the same on every delivery attempt. */
  readonly dedupId: string;
  readonly caseId: string;
  readonly caseVersion: number;
  readonly state: CaseState;
  readonly severity: Level;
  readonly mode: Mode;
  readonly account: string;
  readonly region: string;
  /** Label and ARN of the subject. */
  readonly subject: string;
  readonly subjectArn: string;
  readonly outcome?: Outcome;
  /** When the containment ends by itself. */
  readonly until?: string;
  /** A lock has ended: until when tokens from before it stay denied. */
  readonly tokensUntil?: string;
  /** What was seen had happened before a person let the subject go, and came to light after it. */
  readonly releasedSince?: LastRelease;
  /** Access was being given back: what is missing in the outcome is missing from the release. */
  readonly ofRelease?: true;
  readonly detections: readonly Detection[];
  /** How many older detections the case has that are not among `detections`. */
  readonly olderDetections?: number;
  /** What was done, or would be done in observe mode, a line each. `unconfirmed`: the call was made, and no read shows what came of it. */
  readonly steps: readonly {
    readonly title: string;
    readonly state: 'planned' | 'done' | 'unconfirmed' | 'failed' | 'undone' | 'withheld' | 'conflict';
  }[];
  /** What the subject left behind that a person has to decide about; some of them where there are many. */
  readonly leftBehind?: readonly ResidueItem[];
  readonly at: string;
  /** One line when there is more to know: who approved, why it was refused. */
  readonly note?: string;
};

/** Alert for the on-call: `page` wakes somebody, `information` can be read in the morning. */
export type AlertChannel = 'page' | 'information';
