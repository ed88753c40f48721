import { z } from 'zod';
import { listValues } from '../../config/list-schema.ts';
import { list, named, section } from '../../config/policy-fields.ts';
import { changeWindow, resources, schedule } from '../../config/schedule-schema.ts';
import { NO_POLICY } from '../only/no-policy.ts';
import type { OnlyPolicy } from '../only/only.ts';
import { entryOf, type Located, type Position, toJson } from './located.ts';
import type { Report } from './problems.ts';

/** What a test takes as given in place of rescind.yaml, so that it says the same whatever the operator writes there. */
export type Given = {
  readonly policy: OnlyPolicy;
  /** Whether what the events bring together was seen before. */
  readonly seen: boolean;
};

const givenSchema = section({
  schedules: named(schedule, 'business-hours: { zone: UTC, days: [mon], hours: "08:00-18:00" }').default({}),
  sensitive: resources.default([]),
  lists: named(listValues(undefined), 'exits: [203.0.113.0/24]').default({}),
  'change-windows': list(changeWindow(z.string()), '- { name: release, from: ..., to: ... }').default([]),
  seen: z.boolean({ error: 'takes true or false' }).default(false),
});

export function compileGiven(value: Located, report: Report): Given | undefined {
  const read = givenSchema.safeParse(toJson(value));
  if (read.success) {
    const { schedules, sensitive, lists, seen } = read.data;
    return {
      seen,
      policy: {
        schedules: { ...NO_POLICY.schedules, ...schedules },
        sensitive,
        sensitiveTags: [],
        lists,
        changeWindows: read.data['change-windows'],
      },
    };
  }
  for (const issue of read.error.issues) report(placeOf(value, issue.path), `\`given\`: ${issue.message}`);
  return undefined;
}

/** Where the path leads to, or the nearest place above that exists. */
function placeOf(value: Located, path: readonly PropertyKey[]): Position {
  const [step, ...rest] = path;
  const next =
    value.kind === 'map'
      ? entryOf(value, String(step))?.value
      : value.kind === 'list'
        ? value.items[Number(step)]
        : undefined;
  return step === undefined || next === undefined ? value.at : placeOf(next, rest);
}
