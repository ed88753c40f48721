import { isJsonObject, type JsonObject } from '../json.ts';

/** The SSM parameter that stops Rescind. Fixed: it must be found when nothing else of the stack can be. */
export const STOP_PARAMETER = '/rescind/stop';

/** Reserved concurrency of contain before a hard stop; `null`: none was reserved. */
export type Reserved = number | null;

/** What the parameter says: who turned the switch, when and why. */
export type StopState =
  | { readonly kind: 'running'; readonly by?: string; readonly at?: string }
  | {
      readonly kind: 'stopped';
      readonly by?: string;
      readonly at?: string;
      readonly reason?: string;
      /** A hard stop: what `start` gives back to contain. */
      readonly reserved?: Reserved;
      /** The value as it is, where no command of ours wrote it. */
      readonly text?: string;
    };

/** A parameter of the standard tier holds 4,096 characters; so much of a reason is kept. */
const LONGEST_REASON = 1_000;

/**
 * Reads the parameter's value. Running is only a bare `off`, as deployed, or what `start` wrote; anything else, however
 * it came about, is stopped.
 */
export function readStopState(value: string | undefined): StopState {
  if (value === 'off') return { kind: 'running' };
  const body = value === undefined ? undefined : parse(value);
  const by = textOf(body, 'by');
  const at = textOf(body, 'at');
  const known = { ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) };
  if (body?.switch === 'off') return { kind: 'running', ...known };
  if (body?.switch !== 'on') return { kind: 'stopped', text: value ?? '' };
  const reason = textOf(body, 'reason');
  const { reserved } = body;
  return {
    kind: 'stopped',
    ...known,
    ...(reason === undefined ? {} : { reason }),
    ...(reserved === null || typeof reserved === 'number' ? { reserved } : {}),
  };
}

/** The parameter's value for a state. */
export function stopValue(state: StopState): string {
  if (state.kind === 'running') return JSON.stringify({ switch: 'off', by: state.by, at: state.at });
  const { by, at, reason, reserved } = state;
  return JSON.stringify({ switch: 'on', by, at, reason: reason?.slice(0, LONGEST_REASON), reserved });
}

/** One line, for people. Its words are those of whoever wrote the parameter: escape them where they are shown. */
export function describeStop(state: StopState): string {
  const since = state.at === undefined ? '' : ` since ${state.at}`;
  const by = state.by === undefined ? '' : `, by ${state.by}`;
  if (state.kind === 'running') return `running${since}${by}`;
  if (state.text !== undefined) return `stopped: ${STOP_PARAMETER} is ${JSON.stringify(state.text.slice(0, 200))}`;
  const hard = state.reserved === undefined ? '' : ', hard: contain cannot run at all';
  return `stopped${since}${by}${hard}${state.reason === undefined ? '' : `: ${state.reason}`}`;
}

function textOf(body: JsonObject | undefined, name: string): string | undefined {
  const value = body?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parse(value: string): JsonObject | undefined {
  try {
    const body: unknown = JSON.parse(value);
    return isJsonObject(body) ? body : undefined;
  } catch {
    // Not JSON: nothing that a command of ours wrote, so it counts as stopped.
    return undefined;
  }
}
