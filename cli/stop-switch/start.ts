import { describeStop, STOP_PARAMETER, type StopState } from '../../shared/cases/stop-switch.ts';
import { printable } from '../../shared/page/printable.ts';
import { CommandProblem } from '../stack/problem.ts';
import { CONTAIN_FUNCTION, readPlaces, reservePlaces } from './contain-places.ts';
import { pageStop } from './page.ts';
import type { Reached } from './reach.ts';
import { attempt, type Done, nameOf } from './result.ts';
import { isMissing, readSwitch, writeSwitch } from './switch-parameter.ts';

export type StartReport = {
  readonly before: StopState;
  readonly state: StopState;
  /** Contain has no place to run in, and nobody knows how many it had. */
  readonly placesUnknown: boolean;
  /** Absent where it was running already. */
  readonly page?: Done;
};

/**
 * Gives contain its places back first and turns the switch last: whatever fails, Rescind stays stopped, and the
 * parameter still says what is to be given back.
 */
export async function startRescind(reached: Reached, at: string): Promise<StartReport> {
  const { config, account, region, caller: by } = reached;
  const before = await readSwitch(config).catch((error: unknown) => {
    throw new CommandProblem(`${STOP_PARAMETER} cannot be read (${nameOf(error)}): Rescind stays as it is.`);
  });
  if (before.kind === 'stopped' && before.reserved !== undefined) {
    const places = before.reserved;
    const given = await attempt(() => reservePlaces(config, places));
    if (given.kind === 'failed') {
      throw new CommandProblem(
        `${CONTAIN_FUNCTION} could not be given its concurrency back (${given.why}): Rescind stays stopped. Try again.`,
      );
    }
  }
  const places = await readPlaces(config).catch(() => undefined);
  const placesUnknown = places === 0;
  if (before.kind === 'running') return { before, state: before, placesUnknown };

  const state: StopState = { kind: 'running', by, at };
  const turned = await attempt(() => writeSwitch(config, state));
  if (turned.kind === 'failed') {
    throw new CommandProblem(`${STOP_PARAMETER} could not be set (${turned.why}): Rescind stays stopped.`);
  }
  const hard = before.reserved !== undefined;
  const page = await attempt(() => pageStop(reached, { turned: 'started', hard, account, region, by, at }));
  return { before, state, placesUnknown, page };
}

export function isWhollyStarted({ placesUnknown, page }: StartReport): boolean {
  return !placesUnknown && (page === undefined || page.kind === 'done');
}

export function startLines({ before, state, placesUnknown, page }: StartReport): readonly string[] {
  return [
    ...(before.kind === 'running'
      ? [`Rescind was not stopped: ${printable(describeStop(before), 1_500)}.`]
      : [
          ...(isMissing(before) && page?.kind === 'failed'
            ? [`There was no ${STOP_PARAMETER} here: where Rescind is deployed elsewhere, nothing was started there.`]
            : []),
          `Rescind was ${printable(describeStop(before), 1_500)}.`,
          `Now it is ${printable(describeStop(state), 1_500)}: the next event that calls for it is contained.`,
          'What came meanwhile was not contained and is not made up for: look at "npx rescind cases".',
        ]),
    ...(placesUnknown
      ? [
          `${CONTAIN_FUNCTION} may not run at all: its reserved concurrency is 0, and it is not known what it was. Set it:`,
          `aws lambda put-function-concurrency --function-name ${CONTAIN_FUNCTION} --reserved-concurrent-executions 5`,
        ]
      : []),
    ...(page === undefined
      ? []
      : [
          page.kind === 'done'
            ? 'The people on call were told.'
            : `NOBODY WAS TOLD (${page.why}): tell the people on call yourself.`,
        ]),
  ];
}
