import type { Whom } from '../../schedules/schedule.ts';
import type { Only, OnlyPolicy } from './only.ts';

/** Must what an event touches be known to judge a rule? */
export function needsResources(only: Only, { schedules, changeWindows }: OnlyPolicy): boolean {
  const names = ({ resources }: Pick<Whom, 'resources'>): boolean => resources.length > 0;
  const windows = only.outsideChangeWindow === true ? changeWindows : [];
  const asked = [
    ...(only.outside ?? []),
    ...windows.flatMap(({ during }) => (during.kind === 'schedule' ? [during.schedule] : [])),
  ];
  return (
    only.sensitive === true ||
    only.firstSeen?.includes('resource') === true ||
    windows.some(names) ||
    asked.some((name) => schedules[name] !== undefined && names(schedules[name]))
  );
}
