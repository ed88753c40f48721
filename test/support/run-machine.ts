import type { AslBranch, AslChoice, AslMachine, AslRetrier, AslState } from '../../infra/checks/asl-check.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Random } from '../bench/traffic/random.ts';

export type MachineDeps = {
  /** Calls a function by its ARN. Its error's name is what retriers and catchers match. */
  readonly invoke: (functionArn: string, payload: Json) => Promise<Json | undefined>;
  /** Waits for the answer to a task token. */
  readonly answerTo: (taskToken: string) => Promise<Json>;
  readonly clock: Clock;
  readonly random: Random;
};

type End = { readonly kind: 'succeeded' | 'failed'; readonly output: Json };

/** Carries out a state machine as Step Functions does, as far as ours goes: what it does not know it refuses. */
export async function runMachine(machine: AslMachine, input: JsonObject, deps: MachineDeps): Promise<End> {
  let tokens = 0;

  async function branch(of: AslBranch, start: Json): Promise<End> {
    let data = start;
    for (let name: string | undefined = of.StartAt; name !== undefined; ) {
      const state: AslState | undefined = of.States[name];
      if (state === undefined) throw new Error(`There is no state ${name}`);
      if (state.Type === 'Succeed') return { kind: 'succeeded', output: data };
      if (state.Type === 'Fail') return { kind: 'failed', output: data };
      const went = await step(name, state, data);
      data = went.data;
      name = went.next;
    }
    return { kind: 'succeeded', output: data };
  }

  async function step(name: string, state: AslState, data: Json): Promise<{ data: Json; next: string | undefined }> {
    switch (state.Type) {
      case 'Pass':
        if (state.Parameters !== undefined) {
          return { data: withResult(state, data, filled(state.Parameters, data, {})), next: state.Next };
        }
        return {
          data: state.Result === undefined ? data : withResult(state, data, constant(state.Result)),
          next: state.Next,
        };
      case 'Choice':
        return { data, next: state.Choices?.find((choice) => holds(choice, data))?.Next ?? state.Default };
      case 'Wait': {
        const until = state.TimestampPath === undefined ? undefined : at(state.TimestampPath, data);
        const seconds = state.Seconds ?? at(state.SecondsPath, data);
        const milliseconds =
          typeof until === 'string'
            ? Math.max(0, Date.parse(until) - deps.clock.now().getTime())
            : Number(seconds) * 1000;
        if (!Number.isFinite(milliseconds)) throw new Error(`${name} waits for ${JSON.stringify(seconds)}`);
        await deps.clock.sleep(milliseconds);
        return { data, next: state.Next };
      }
      case 'Parallel': {
        const ends = await Promise.all((state.Branches ?? []).map((one) => branch(one, data)));
        const output = ends.map((end) => end.output);
        return { data: state.OutputPath === undefined ? output : at(state.OutputPath, output), next: state.Next };
      }
      case 'Task':
        return attempt(state, data);
      default:
        throw new Error(`${name} is a ${state.Type}, which this runner does not know`);
    }
  }

  async function attempt(state: AslState, data: Json) {
    const tried = new Map<AslRetrier, number>();
    for (;;) {
      tokens += 1;
      const token = `token ${tokens}`;
      try {
        const answer = await call(state, data, token);
        return { data: withResult(state, data, selected(state.ResultSelector, answer ?? null)), next: state.Next };
      } catch (error) {
        const errorName = error instanceof Error ? error.name : 'Error';
        const matches = ({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }) =>
          ErrorEquals.includes(errorName) || ErrorEquals.includes('States.ALL');
        const retrier = state.Retry?.find(matches);
        const before = retrier === undefined ? 0 : (tried.get(retrier) ?? 0);
        if (retrier !== undefined && before < (retrier.MaxAttempts ?? 3)) {
          tried.set(retrier, before + 1);
          await deps.clock.sleep(waitOf(retrier, before));
          continue;
        }
        const catcher = state.Catch?.find(matches);
        if (catcher === undefined) throw error;
        const failure = { Error: errorName, Cause: error instanceof Error ? error.message : String(error) };
        return { data: put(data, catcher.ResultPath, failure), next: catcher.Next };
      }
    }
    function waitOf({ IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds, JitterStrategy }: AslRetrier, n: number) {
      const seconds = Math.min(IntervalSeconds * BackoffRate ** n, MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
      return JitterStrategy === 'FULL' ? deps.random.below(Math.ceil(seconds * 1000)) : seconds * 1000;
    }
  }

  async function call(state: AslState, data: Json, taskToken: string): Promise<Json | undefined> {
    const context = { Task: { Token: taskToken }, Execution: { Input: input } };
    const parameters = filled(state.Parameters, data, context);
    if (state.Resource !== 'arn:aws:states:::lambda:invoke.waitForTaskToken') {
      return deps.invoke(String(state.Resource), parameters);
    }
    if (!isJsonObject(parameters)) throw new Error('A call without parameters');
    await deps.invoke(String(parameters.FunctionName), parameters.Payload ?? null);
    return deps.answerTo(taskToken);
  }

  return branch(machine, input);
}

function holds(choice: AslChoice, data: Json): boolean {
  if (!KNOWN.has(choice)) {
    const { Variable: _variable, StringEquals: _text, BooleanEquals: _flag, Next: _next, ...unknown } = choice;
    if (Object.keys(unknown).length > 0) throw new Error(`A choice by ${Object.keys(unknown)} is not known here`);
    KNOWN.add(choice);
  }
  return at(choice.Variable, data) === (choice.StringEquals ?? choice.BooleanEquals);
}
const KNOWN = new WeakSet<AslChoice>();

function withResult(state: AslState, data: Json, result: Json): Json {
  return put(data, state.ResultPath, result);
}

/** `null`: the result is thrown away; absent: it replaces everything. */
function put(data: Json, path: unknown, value: Json): Json {
  if (path === null) return data;
  if (path === undefined || path === '$') return value;
  const [name, ...more] = stepsOf(String(path));
  if (typeof name !== 'string' || more.length > 0 || !isJsonObject(data))
    throw new Error(`No result is put at ${String(path)}`);
  return { ...data, [name]: value };
}

function selected(selector: unknown, answer: Json): Json {
  return selector === undefined ? answer : filled(selector, answer, {});
}

/** A payload with each `name.$` replaced by what its path leads to. */
function filled(template: unknown, data: Json, context: JsonObject): Json {
  if (typeof template !== 'object' || template === null) return json(template);
  let fill = FILLS.get(template);
  if (fill === undefined) {
    fill = fillOf(json(template));
    FILLS.set(template, fill);
  }
  return fill(data, context);
}

type Fill = (data: Json, context: JsonObject) => Json;
/** Made once for each template, for a machine does not change. */
const FILLS = new WeakMap<object, Fill>();

function fillOf(template: Json): Fill {
  if (Array.isArray(template)) {
    const items = template.map(fillOf);
    return (data, context) => items.map((fill) => fill(data, context));
  }
  if (!isJsonObject(template)) return () => template;
  const members = Object.entries(template).map(([key, value = null]): readonly [name: string, fill: Fill] => {
    if (!key.endsWith('.$')) return [key, fillOf(value)];
    const path = String(value);
    const name = key.slice(0, -2);
    if (!path.startsWith('$$')) return [name, (data) => at(path, data)];
    const inContext = path.slice(1);
    return [name, (_data, context) => at(inContext, context)];
  });
  return (data, context) => {
    const made: Record<string, Json> = {};
    for (const [name, fill] of members) made[name] = fill(data, context);
    return made;
  };
}

function at(path: unknown, data: Json): Json {
  let found: Json | undefined = data;
  for (const step of stepsOf(String(path))) {
    if (typeof step === 'string') found = isJsonObject(found) ? found[step] : undefined;
    else found = Array.isArray(found) ? found[step] : undefined;
  }
  if (found === undefined) throw new Error(`${String(path)} leads to nothing in ${JSON.stringify(data)}`);
  return found;
}

/** Names and indexes along a path. A machine has few of them, and one is followed hundreds of thousands of times. */
function stepsOf(path: string): readonly (string | number)[] {
  let steps = PATHS.get(path);
  if (steps === undefined) {
    steps = [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
    PATHS.set(path, steps);
  }
  return steps;
}
const PATHS = new Map<string, readonly (string | number)[]>();

/** A part of a machine as JSON: made once for each, for a machine does not change. */
function constant(value: unknown): Json {
  if (typeof value !== 'object' || value === null) return json(value);
  let made = CONSTANTS.get(value);
  if (made === undefined) {
    made = json(value);
    CONSTANTS.set(value, made);
  }
  return made;
}
const CONSTANTS = new WeakMap<object, Json>();

function json(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? {}));
}
