import { subjectLabel } from '../../shared/cases/subject.ts';
import { formatDuration } from '../../shared/config/duration.ts';
import { printable } from '../../shared/page/printable.ts';
import { LEVELS } from '../../shared/rules/rule.ts';
import { number, plural } from '../terminal/plural.ts';
import { tableLines } from '../terminal/table.ts';
import { instant } from './case-lines.ts';
import { CASE_OPEN_HOURS, type ReplayedCase } from './replay-cases.ts';
import type { BacktestResult } from './result.ts';
import { section } from './section.ts';
import { FATES, type Fate } from './settle-case.ts';

const MAX_ROWS = 25;

/** The cases that would have been opened, what would have come of them, and how many alerts that makes. */
export function caseSection(result: BacktestResult, width: number): string[] {
  const { replay } = result;
  const cases = mostSevereFirst(replay.cases);
  if (cases.length === 0) return notes(result);
  const rows = cases
    .slice(0, MAX_ROWS)
    .map(({ subject, openedAt, severity, detections, alerts, playbooks, mode, fate }) => [
      instant(openedAt),
      severity,
      printable(subjectLabel(subject), 80),
      number(detections),
      number(alerts),
      playbooks.join(', '),
      mode,
      FATES[fate],
    ]);
  const more = cases.length - rows.length;
  return [
    alertLine(result),
    ...section(
      `Cases that would have opened (${number(cases.length)}: ${fateCounts(cases)})`,
      tableLines(
        [
          { title: 'OPENED' },
          { title: 'SEVERITY' },
          { title: 'SUBJECT', shrink: true },
          { title: 'DETECTIONS', align: 'right' },
          { title: 'ALERTS', align: 'right' },
          { title: 'PLAYBOOKS' },
          { title: 'MODE' },
          { title: 'THEN' },
        ],
        rows,
        width,
      ),
    ),
    ...(more > 0 ? [`and ${plural(more, 'case')} more: --json lists them all`] : []),
    ...notes(result),
  ];
}

export function mostSevereFirst(cases: readonly ReplayedCase[]): ReplayedCase[] {
  return [...cases].sort((a, b) => LEVELS.indexOf(b.severity) - LEVELS.indexOf(a.severity) || a.openedAt - b.openedAt);
}

/** `2 planned only, 1 told only`. */
export function fateCounts(cases: readonly ReplayedCase[]): string {
  const known: readonly Fate[] = ['contained', 'asked', 'planned', 'told', 'protected', 'breaker', 'not-containable'];
  return known
    .map((fate) => ({ fate, count: cases.filter((each) => each.fate === fate).length }))
    .filter(({ count }) => count > 0)
    .map(({ fate, count }) => `${number(count)} ${FATES[fate]}`)
    .join(', ');
}

function alertLine({ alerts }: BacktestResult): string {
  const perDay = (count: number): string => number(Math.round((count / alerts.days) * 10) / 10);
  return `${plural(alerts.after, 'alert')} (${perDay(alerts.after)} a day), one for each change of a case; ungrouped ${alerts.exceptions > 0 ? 'and without exceptions ' : ''}${number(alerts.before)} (${perDay(alerts.before)} a day), one for each detection`;
}

/** What a reader has to know to believe the figures. */
export function caseNotes({ totals, replay, applied }: BacktestResult): string[] {
  const { policy, from } = applied;
  const { parked, own } = totals.caseless;
  const { subjects, windowSeconds } = policy.breaker;
  const taken = replay.cases.some(({ actions }) => actions.length > 0);
  return [
    ...(replay.cases.length === 0
      ? []
      : [
          `Answered by ${from} in mode ${policy.mode}. A case is taken to be closed by a person ${CASE_OPEN_HOURS} h after it opened; the next detection opens another.`,
        ]),
    ...(taken && policy.mode === 'observe'
      ? ['In mode observe nothing is taken back: "planned only" is who would have been contained in mode enforce.']
      : []),
    ...replay.breakerOpened
      .slice(0, 3)
      .map(
        (time) =>
          `The breaker would have opened at ${instant(time)}: more than ${plural(subjects, 'subject')} in ${formatDuration(windowSeconds)}.`,
      ),
    ...(replay.byName > 0
      ? [
          `${plural(replay.byName, 'subject')} known only by the name in a request: a log does not tell the unique id, so the account and the name stand for it.`,
        ]
      : []),
    ...(parked > 0
      ? [
          `${plural(parked, 'detection')} without a case: the record lacks an id, a time, a region or an account, and would be set aside with an alarm.`,
        ]
      : []),
    ...(own > 0 ? [`${plural(own, 'detection')} without a case: calls of Rescind itself.`] : []),
  ];
}

function notes(result: BacktestResult): string[] {
  return caseNotes(result).map((line) => `  ${printable(line, 300)}`);
}
