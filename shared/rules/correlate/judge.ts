import type { Correlation } from '../correlation.ts';
import type { Finding, Mark } from './mark.ts';
import { createMarkWindow } from './mark-window.ts';

export type JudgeOptions = {
  /** Looks only at windows that end at this time or later: those before were judged when their events came. */
  readonly since?: number;
  /** Tells of every window that holds when it ended, which a correlation of this one goes by. */
  readonly everyTime?: boolean;
};

/**
 * What a correlation says of the marks of one group. A pure function of the set of marks: duplicates and order change
 * nothing. For each event the window that ends with it is looked at, wherever it lies (no fixed hours or days). Of the
 * windows that hold, the first in each stretch of one time span is a finding, so that a burst of a thousand events is one
 * and not a thousand. With lower bounds only, more events never take a finding away, so what was told early stays true.
 */
export function judge(
  correlation: Correlation,
  marks: readonly Mark[],
  { since = Number.NEGATIVE_INFINITY, everyTime = false }: JudgeOptions = {},
): Finding[] {
  const sorted = distinct(marks);
  const span = correlation.seconds * 1000;
  const window = createMarkWindow(correlation);
  const findings = new Map<number, Finding & { readonly times: number[] }>();
  let start = 0;
  let end = 0;
  for (let last = sorted[end]; last !== undefined; last = sorted[end]) {
    const { time } = last;
    const first = end;
    // Events of the same second have no order: all of them are in the window that ends with any of them.
    while (sorted[end]?.time === time) end += 1;
    window.enter(sorted.slice(first, end));
    for (let left = sorted[start]; left !== undefined && left.time < time - span; left = sorted[start]) {
      window.leave(left);
      start += 1;
    }
    const stretch = stretchOf(time, span);
    const known = findings.get(stretch);
    if (time < since || (known !== undefined && !everyTime) || !window.holds(time - span)) continue;
    if (known !== undefined) {
      known.times.push(time);
      continue;
    }
    const held = sorted.slice(start, end);
    findings.set(stretch, {
      key: findingKey(last, stretch),
      correlationId: last.correlationId,
      group: last.group,
      time,
      times: [time],
      eventId: held.at(-1)?.eventId ?? last.eventId,
      events: [...new Set(held.map((mark) => mark.eventId))],
    });
  }
  return [...findings.values()];
}

/** Time is cut in stretches of one span, in each of which a group has at most one finding. */
export function stretchOf(time: number, span: number): number {
  return Math.floor(time / span);
}

export function findingKey({ correlationId, group }: Pick<Mark, 'correlationId' | 'group'>, stretch: number): string {
  return JSON.stringify([correlationId, group, stretch]);
}

/** A finding leaves marks at several times, all of its key. */
function distinct(marks: readonly Mark[]): Mark[] {
  const byKey = new Map(marks.map((mark) => [`${mark.eventId}\n${mark.ruleId}\n${mark.time}`, mark]));
  return [...byKey.values()].sort(
    (a, b) => a.time - b.time || compare(a.eventId, b.eventId) || compare(a.ruleId, b.ruleId),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
