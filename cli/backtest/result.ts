import type { CompiledRule, Level } from '../../shared/rules/rule.ts';
import type { AppliedPolicy } from '../rules/read-policy-file.ts';
import { createLocalTime } from './local-time.ts';
import { type Replay, type ReplayedCase, replayCases } from './replay-cases.ts';
import type { Tally, Totals } from './tally.ts';
import { createZonedTime } from './zoned-time.ts';

/** All that a backtest found, for the terminal and for the report. */
export type BacktestResult = {
  readonly totals: Totals;
  readonly rules: readonly CompiledRule[];
  readonly applied: AppliedPolicy;
  readonly replay: Replay;
  readonly alerts: {
    /** One for each detection, those included that an exception left out. */
    readonly before: number;
    /** Detections that were left out: by announced changes, by the learning period. */
    readonly exceptions: number;
    /** One for each change of a case's state. */
    readonly after: number;
    /** Days that the logs span, begun ones included. */
    readonly days: number;
  };
  readonly days: readonly Day[];
  /** Of each actor, the detections in each hour of the day in the policy's zone. */
  readonly hours: ReadonlyMap<string, readonly number[]>;
  readonly timeline: Timeline;
};

export type Day = {
  /** `2026-11-20`, in the policy's zone. */
  readonly day: string;
  readonly detections: number;
  readonly cases: number;
  readonly alerts: number;
};

export type Timeline = {
  /** Milliseconds since 1970 of the first stretch, and the length of each. */
  readonly start: number;
  readonly step: number;
  /** Detections in each stretch, by level. */
  readonly counts: ReadonlyMap<Level, readonly number[]>;
};

export function resultOf(tally: Tally, rules: readonly CompiledRule[], applied: AppliedPolicy): BacktestResult {
  const { log, subjects, totals } = tally;
  const headers = rules.map(({ header }) => header);
  const exceptions = [...totals.suppressed.values()].reduce((sum, count) => sum + count, 0);
  const replay = replayCases(log, subjects, headers, applied.policy);
  return {
    totals,
    rules,
    applied,
    replay,
    alerts: {
      before: totals.detections + exceptions,
      exceptions,
      after: replay.cases.reduce((sum, { alerts }) => sum + alerts, 0),
      days: daysBetween(totals.firstTime, totals.lastTime),
    },
    ...calendarOf(tally, replay.cases, applied.policy.alerts.zone),
    timeline: timelineOf(
      tally,
      headers.map(({ level }) => level),
      applied.policy.alerts.zone,
    ),
  };
}

function calendarOf(
  { log, actors }: Tally,
  cases: readonly ReplayedCase[],
  zone: string,
): Pick<BacktestResult, 'days' | 'hours'> {
  const localTime = createLocalTime(zone);
  const days = new Map<string, { detections: number; cases: number; alerts: number }>();
  const hours = new Map<string, number[]>();
  const dayAt = (time: number) => {
    const { day } = localTime(time);
    const found = days.get(day) ?? { detections: 0, cases: 0, alerts: 0 };
    days.set(day, found);
    return found;
  };
  for (const { time, actor } of log.inOrder()) {
    if (Number.isNaN(time)) continue;
    dayAt(time).detections += 1;
    const name = actors[actor] ?? '';
    const own = hours.get(name) ?? Array.from({ length: 24 }, () => 0);
    const { hour } = localTime(time);
    own[hour] = (own[hour] ?? 0) + 1;
    hours.set(name, own);
  }
  for (const { settledAt } of cases) {
    for (const [index, { at, alerts }] of settledAt.entries()) {
      const day = dayAt(at);
      if (index === 0) day.cases += 1;
      day.alerts += alerts;
    }
  }
  const sorted = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  return { days: sorted.map(([day, counts]) => ({ day, ...counts })), hours };
}

function daysBetween(first: string | undefined, last: string | undefined): number {
  const [from, to] = [first, last].map((time) => Math.floor(Date.parse(time ?? '') / (24 * HOUR)));
  const days = (to ?? Number.NaN) - (from ?? Number.NaN) + 1;
  return Number.isNaN(days) ? 1 : days;
}

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const STEPS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 28 * 24 * HOUR];
/** As many bars as a chart can show one beside the other. */
const MOST_STRETCHES = 60;

function timelineOf({ log, totals }: Tally, levels: readonly Level[], zone: string): Timeline {
  const first = Date.parse(totals.firstTime ?? '');
  const last = Date.parse(totals.lastTime ?? '');
  if (Number.isNaN(first) || Number.isNaN(last)) return { start: 0, step: MINUTE, counts: new Map() };
  const step =
    STEPS.find((each) => (last - first) / each < MOST_STRETCHES - 1) ?? (last - first) / (MOST_STRETCHES - 1);
  // Stretches begin at whole hours and days of the zone, as its clocks stood at the first record.
  const offset = Date.parse(`${createZonedTime(zone)(first).replace(' ', 'T')}Z`) - Math.floor(first / 1000) * 1000;
  const start = Math.floor((first + offset) / step) * step - offset;
  const size = Math.floor((last - start) / step) + 1;
  const counts = new Map<Level, number[]>();
  for (const { time, rule } of log.inOrder()) {
    const level = levels[rule];
    const at = Math.floor((time - start) / step);
    if (level === undefined || !(at >= 0 && at < size)) continue;
    const own = counts.get(level) ?? Array.from({ length: size }, () => 0);
    own[at] = (own[at] ?? 0) + 1;
    counts.set(level, own);
  }
  return { start, step, counts };
}
