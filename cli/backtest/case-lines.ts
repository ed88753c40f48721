import { subjectLabel } from '../../shared/cases/subject.ts';
import { isByName } from './merge-named-subjects.ts';
import type { Replay, ReplayedCase } from './replay-cases.ts';

/** One line of `--json`: a case that would have been opened. */
export type CaseLine = {
  readonly kind: 'case';
  readonly subject: string;
  readonly label: string;
  readonly account: string;
  /** The subject is known only by the name that a request used, not by its unique id. */
  readonly byName?: true;
  readonly openedAt: string;
  readonly lastAt: string;
} & Pick<
  ReplayedCase,
  'severity' | 'detections' | 'alerts' | 'playbooks' | 'mode' | 'actions' | 'ruleIds' | 'fate' | 'why'
>;

export function caseLines({ cases }: Replay): CaseLine[] {
  return cases.map(({ subject, openedAt, lastAt, settledAt: _, ...facts }) => ({
    kind: 'case',
    subject: subject.key,
    label: subjectLabel(subject),
    account: subject.account,
    ...(isByName(subject) ? { byName: true as const } : {}),
    openedAt: instant(openedAt),
    lastAt: instant(lastAt),
    ...facts,
  }));
}

/** As CloudTrail writes times. */
export function instant(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
