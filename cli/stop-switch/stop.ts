import { describeStop, STOP_PARAMETER, type StopState } from '../../shared/cases/stop-switch.ts';
import { CONTAIN_FUNCTION, readPlaces, reservePlaces } from './contain-places.ts';
import { pageStop } from './page.ts';
import type { Reached } from './reach.ts';
import { attempt, type Done } from './result.ts';
import { isMissing, readSwitch, writeSwitch } from './switch-parameter.ts';

type Stopped = Extract<StopState, { kind: 'stopped' }>;

export type StopReport = {
  readonly state: Stopped;
  readonly parameter: Done;
  /** Where there was no parameter, so that one was made: somebody deleted it, or Rescind is deployed elsewhere. */
  readonly madeIn?: string;
  /** Absent without --hard. */
  readonly hard?: Done;
  readonly page: Done;
};

/**
 * Sets the switch before anything else is even looked at, then takes contain's places away, then pages: each as if the
 * others did not work. A hard stop remembers in the parameter how many places there were, before it takes them.
 */
export async function stopRescind(
  reached: Reached,
  of: { readonly at: string; readonly reason?: string; readonly hard: boolean },
): Promise<StopReport> {
  const { config, account, region, caller: by } = reached;
  const { at, reason, hard } = of;
  const before = await readSwitch(config).catch((): StopState => ({ kind: 'running' }));
  // Stopped hard before: what is remembered stays remembered, or `start` would give back the zero of that stop.
  const remembered = before.kind === 'stopped' ? before.reserved : undefined;
  const soft: Stopped = {
    kind: 'stopped',
    by,
    at,
    ...(reason === undefined ? {} : { reason }),
    ...(remembered === undefined ? {} : { reserved: remembered }),
  };
  const parameter = await attempt(() => writeSwitch(config, soft));

  let state = soft;
  const taken = hard
    ? await attempt(async () => {
        // `null` is remembered as well: none was reserved.
        state = { ...soft, reserved: remembered === undefined ? await readPlaces(config) : remembered };
        if (parameter.kind === 'done') await writeSwitch(config, state);
        await reservePlaces(config, 0);
      })
    : undefined;
  const page = await attempt(() =>
    pageStop(reached, {
      turned: 'stopped',
      hard,
      account,
      region,
      by,
      at,
      ...(reason === undefined ? {} : { reason }),
    }),
  );
  return {
    state,
    parameter,
    ...(isMissing(before) && parameter.kind === 'done' ? { madeIn: `region ${region} of account ${account}` } : {}),
    ...(taken === undefined ? {} : { hard: taken }),
    page,
  };
}

export function isWhollyStopped({ parameter, hard, page }: StopReport): boolean {
  return [parameter, hard, page].every((each) => each === undefined || each.kind === 'done');
}

/** What was done, and for each thing that was not, what to do. */
export function stopLines({ state, parameter, madeIn, hard, page }: StopReport): readonly string[] {
  const { reserved } = state;
  // Whoever found the page topic has found Rescind.
  const perhapsElsewhere = madeIn !== undefined && page.kind === 'failed';
  return [
    parameter.kind === 'failed'
      ? `${STOP_PARAMETER} could not be set (${parameter.why}). Where the functions cannot read it either, they contain nobody.`
      : perhapsElsewhere
        ? `There was no ${STOP_PARAMETER} in ${madeIn}: it was made, and says stopped. Where Rescind is deployed elsewhere, IT IS NOT STOPPED: set AWS_REGION, or take the credentials of that account, and try again.`
        : `Rescind is ${describeStop(state)}.`,
    ...(parameter.kind === 'done' && perhapsElsewhere
      ? ['Where it is deployed here, and somebody deleted the parameter, nobody is contained and nothing is put back.']
      : parameter.kind === 'done'
        ? ['Nobody is contained and nothing is put back; alerts, releases and timed releases go on.']
        : hard?.kind === 'done'
          ? []
          : ['Try "npx rescind stop --hard", which keeps Lambda from running the function contain at all.']),
    ...(hard?.kind === 'done'
      ? [
          `${CONTAIN_FUNCTION} has no concurrency left: what runs now ends within a minute, and nothing follows.`,
          ...(parameter.kind === 'done'
            ? []
            : [`Note that it had ${reserved ?? 'none reserved'} before: "start" cannot know that now.`]),
        ]
      : []),
    ...(hard?.kind === 'failed'
      ? [`The reserved concurrency of ${CONTAIN_FUNCTION} could not be set to 0: ${hard.why}`]
      : []),
    page.kind === 'done'
      ? 'The people on call were paged.'
      : `NOBODY WAS PAGED (${page.why}): tell the people on call yourself.`,
    ...(parameter.kind === 'done' ? ['"npx rescind start" lets containments through again.'] : []),
  ];
}
