import { isSensitive } from '../../access/same-resource.ts';
import type { Json } from '../../json.ts';
import { createChangeWindow, windowLabel } from '../../schedules/create-change-window.ts';
import { type Approval, createSchedule } from '../../schedules/create-schedule.ts';
import type { ChangeWindow } from '../../schedules/schedule.ts';
import { createWallClock, weekdayOf } from '../../schedules/wall-clock.ts';
import type { Engines } from '../engines/engine.ts';
import { anyOfMatcher } from '../evaluate/leaf-matcher.ts';
import { anyLeafOf, valuesUnder } from '../evaluate/record-path.ts';
import { firstSeenKeys, outermost } from '../first-seen/first-seen-keys.ts';
import { RuleLoadError } from '../read-json.ts';
import { listTests } from './list-tests.ts';
import { needsResources } from './needs-resources.ts';
import type { Only, OnlyPolicy } from './only.ts';
import type { OnlyFacts } from './only-facts.ts';
import { whyDormant } from './why-dormant.ts';

/** One condition, with the words and the values that explain it. */
export type OnlyCondition = {
  readonly text: string;
  readonly holds: (facts: OnlyFacts) => boolean;
  /** What the event has there. */
  readonly found: (facts: OnlyFacts) => readonly Json[];
};

export type LoadedOnly = {
  /** All must hold. They cost nothing but time. */
  readonly conditions: readonly OnlyCondition[];
  /** The change windows that announce an event; undefined where the rule does not ask. */
  readonly windows?: (facts: OnlyFacts) => readonly string[];
  /** One of these must not have been seen before; undefined where the rule does not ask. */
  readonly keys?: (facts: OnlyFacts) => readonly string[];
  /** It cannot hold as the policy stands. */
  readonly never: boolean;
};

/** Throws a RuleLoadError where the rule refers to something that the policy does not have. */
export function loadOnly(only: Only, policy: OnlyPolicy, engines: Engines): LoadedOnly {
  const conditions = [
    ...Object.entries(only.inList ?? {}).map(([path, list]) => listCondition(path, list, policy, engines)),
    ...(only.outside ?? []).map((name) => outsideCondition(name, policy)),
    // Last, for to know of tags may cost a call.
    ...(only.sensitive === true ? [sensitiveCondition(policy)] : []),
  ];
  const { firstSeen } = only;
  const never = whyDormant(only, policy) !== undefined;
  if (!never && engines.resources === undefined && needsResources(only, policy)) {
    throw new RuleLoadError('the rule asks what an event touches, and no reader of resources is loaded');
  }
  return {
    conditions,
    ...(only.outsideChangeWindow === true ? { windows: windowsThat(policy) } : {}),
    ...(firstSeen === undefined
      ? {}
      : {
          keys: (facts: OnlyFacts) => {
            const { resources } = facts.deed();
            const asked = only.sensitive === true ? resources.filter((arn) => isSensitive(policy, arn)) : resources;
            // All of them: whoever names five known ones first would get the sixth past.
            return firstSeenKeys(firstSeen, facts.event(), outermost(asked));
          },
        }),
    never,
  };
}

function sensitiveCondition(policy: OnlyPolicy): OnlyCondition {
  return {
    text:
      policy.sensitiveTags.length > 0 && policy.tagged === undefined
        ? 'touches a resource that is sensitive by its ARN (which ones are by a tag is not known here)'
        : 'touches a sensitive resource',
    holds: (facts) => facts.deed().resources.some((arn) => isSensitive(policy, arn)),
    found: (facts) => facts.deed().resources,
  };
}

function listCondition(path: string, name: string, { lists }: OnlyPolicy, engines: Engines): OnlyCondition {
  const values = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (values === undefined) throw new RuleLoadError(`there is no list ${name} in the policy`);
  const anyLeaf = anyLeafOf(path);
  const match = anyOfMatcher(listTests(values), engines);
  return {
    text: `${path} is in the list ${name}`,
    holds: ({ record }) => anyLeaf(record, match),
    found: ({ record }) => valuesUnder(path, record),
  };
}

function outsideCondition(name: string, { schedules }: OnlyPolicy): OnlyCondition {
  const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
  if (schedule === undefined) throw new RuleLoadError(`there is no schedule ${name} in the policy`);
  const { zone } = schedule;
  const approves = createSchedule(schedule);
  return {
    text: `is outside ${name}`,
    holds: (facts) => !approves(facts.deed()),
    found: (facts) => {
      const { date, minutes } = createWallClock(zone)(facts.deed().time);
      const clock = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
      return [`${weekdayOf(date)} ${date} ${clock} ${zone}`];
    },
  };
}

function windowsThat({ changeWindows, schedules }: OnlyPolicy): (facts: OnlyFacts) => readonly string[] {
  const approvals = new Map<string, Approval>(
    Object.entries(schedules).map(([name, schedule]) => [name, createSchedule(schedule)]),
  );
  const windows = changeWindows.map((window: ChangeWindow) => ({
    label: windowLabel(window),
    announces: createChangeWindow(window, approvals),
  }));
  return (facts) => windows.filter(({ announces }) => announces(facts.deed())).map(({ label }) => label);
}
