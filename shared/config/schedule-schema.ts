import { z } from 'zod';
import { instantOf, isDate } from '../schedules/date.ts';
import { parseHourRange } from '../schedules/hour-range.ts';
import { type ChangeWindow, type Override, type Schedule, WEEKDAYS } from '../schedules/schedule.ts';
import { principalPatternProblem, resourcePatternProblem } from './arn-pattern.ts';
import { list, oneOrMany, section, text, textOf, timeZone, word } from './policy-fields.ts';

const principals = list(textOf(principalPatternProblem), '- arn:aws:iam::*:role/Operations*');
export const resources = list(textOf(resourcePatternProblem), '- arn:aws:secretsmanager:*:*:secret:finance/*');
const whom = { principals: principals.default([]), resources: resources.default([]) };

const date = text('a day such as 2026-12-25', (value) =>
  isDate(value) ? undefined : `${JSON.stringify(value.slice(0, 60))} is not a day: write e.g. 2026-12-25`,
);

const hourRange = z.unknown().transform((value, context) => {
  const range = typeof value === 'string' ? parseHourRange(value) : undefined;
  if (range !== undefined) return range;
  const shown = JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
  const message = `${shown} are no hours: write e.g. "08:00-18:00", "22:00-06:00" into the next day, "00:00-24:00" for a whole one`;
  context.issues.push({ code: 'custom', message, input: value });
  return z.NEVER;
});

const INSTANT = '2026-12-24T18:00:00+01:00';

/** A day or an instant; which, is checked over both ends at once. */
const moment = text(`a day such as 2026-12-24 or an instant such as ${INSTANT}`, (value) =>
  isDate(value) || instantOf(value) !== undefined
    ? undefined
    : `${JSON.stringify(value.slice(0, 60))} is neither a day nor an instant with its zone: write e.g. 2026-12-24 or ${INSTANT}`,
);

const instant = text(`an instant such as ${INSTANT}`, (value) =>
  instantOf(value) === undefined
    ? `${JSON.stringify(value.slice(0, 60))} is not an instant with its zone: write e.g. ${INSTANT}`
    : undefined,
);

const override = section({ from: moment, to: moment, principals: principals.default([]) }).transform(
  ({ from, to, principals }, context): Override => {
    const [start, end] = [instantOf(from), instantOf(to)];
    const wrong = (message: string): Override => {
      context.issues.push({ code: 'custom', message, input: to, path: ['to'] });
      return z.NEVER;
    };
    if ((start === undefined) !== (end === undefined))
      return wrong('is not written as `from` is: write two days or two instants');
    if (start === undefined || end === undefined) {
      return to < from ? wrong('is before `from`') : { kind: 'dates', from, to, principals };
    }
    return end <= start ? wrong('is not after `from`') : { kind: 'instants', ...spanOf(start, end), principals };
  },
);

function spanOf(start: number, end: number): { readonly from: string; readonly to: string } {
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/** A schedule as the operator writes it. */
export const schedule = section({
  zone: timeZone,
  days: list(word(WEEKDAYS), '[mon, tue, wed, thu, fri]'),
  hours: oneOrMany(hourRange, '"08:00-18:00"'),
  holidays: list(date, '- 2026-12-25').default([]),
  overrides: list(override, '- { from: 2026-12-24, to: 2026-12-24 }').default([]),
  ...whom,
}).transform((checked): Schedule => checked);

/** A change window as the operator writes it. Whether its schedule exists is checked across keys. */
export function changeWindow(account: z.ZodType<string>) {
  return section({
    name: text('a name such as release 42'),
    ticket: text('a ticket such as CHG-1234').optional(),
    from: instant.optional(),
    to: instant.optional(),
    schedule: text('the name of a schedule').optional(),
    accounts: list(account, '- "123456789012"').default([]),
    ...whom,
  }).transform(({ from, to, schedule, ticket, ...shared }, context): ChangeWindow => {
    const wrong = (message: string, path: readonly string[]): ChangeWindow => {
      context.issues.push({ code: 'custom', message, input: shared, path: [...path] });
      return z.NEVER;
    };
    const window = { ...shared, ...(ticket === undefined ? {} : { ticket }) };
    const [start, end] = [instantOf(from ?? ''), instantOf(to ?? '')];
    if (schedule !== undefined) {
      if (from !== undefined || to !== undefined) return wrong('has a schedule and times: write one of the two', []);
      return { ...window, during: { kind: 'schedule', schedule } };
    }
    if (start === undefined || end === undefined) return wrong('has no time: write from and to, or a schedule', []);
    if (end <= start) return wrong('is not after `from`', ['to']);
    return { ...window, during: { kind: 'instants', ...spanOf(start, end) } };
  });
}
