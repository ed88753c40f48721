import type { Approval } from './create-schedule.ts';
import { isFor } from './deed.ts';
import type { ChangeWindow } from './schedule.ts';

/** Does a change window announce a deed? `schedules` are those that windows may name. */
export function createChangeWindow(window: ChangeWindow, schedules: ReadonlyMap<string, Approval>): Approval {
  const { during, accounts } = window;
  const isDuring = duringOf(during, schedules);
  return (deed) => (accounts.length === 0 || accounts.includes(deed.account)) && isFor(window, deed) && isDuring(deed);
}

function duringOf(during: ChangeWindow['during'], schedules: ReadonlyMap<string, Approval>): Approval {
  if (during.kind === 'schedule') return schedules.get(during.schedule) ?? (() => false);
  const [start, end] = [Date.parse(during.from), Date.parse(during.to)];
  return ({ time }) => start <= time && time < end;
}

/** As a log and a person name it: `release 42 (CHG-1234)`. */
export function windowLabel({ name, ticket }: ChangeWindow): string {
  return ticket === undefined ? name : `${name} (${ticket})`;
}
