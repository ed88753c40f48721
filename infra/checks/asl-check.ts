/**
 * Finds what an Amazon States Language definition forgets: a Task without a bound on its time, without a second try or
 * without a way out when it fails, a transition to nowhere, a state that nothing leads to. In the branches of a Parallel
 * state as well, each of which is a machine of its own: no transition leaves it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-task-state.html
 */
export type AslProblem = { readonly state: string; readonly problem: string };

export type AslTransition = { readonly Next: string };
export type AslRetrier = {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
};
export type AslCatcher = AslTransition & { readonly ErrorEquals: readonly string[]; readonly ResultPath?: string };
export type AslChoice = AslTransition & Readonly<Record<string, unknown>>;

/** The fields of a state that matter to this check; the rest is free. */
export type AslState = {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: readonly AslChoice[];
  readonly Retry?: readonly AslRetrier[];
  readonly Catch?: readonly AslCatcher[];
  readonly Branches?: readonly AslBranch[];
  readonly TimeoutSeconds?: number;
  readonly [field: string]: unknown;
};

export type AslBranch = {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
};

export type AslMachine = AslBranch & {
  readonly Comment?: string;
  readonly TimeoutSeconds?: number;
};

const TERMINAL_TYPES = ['Succeed', 'Fail'];

export function checkAsl(machine: AslMachine): readonly AslProblem[] {
  const names = namesOf(machine);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...checkStates(machine),
    ...twice.map((name) => ({ state: name, problem: 'another state of the machine has this name' })),
  ];
}

function checkStates(machine: AslBranch): readonly AslProblem[] {
  const states = Object.entries(machine.States);
  return [
    ...states.flatMap(([name, state]) => checkTask(name, state)),
    ...states.flatMap(([name, state]) => checkParallel(name, state)),
    ...states.flatMap(([name, state]) => checkTransitions(name, state, machine)),
    ...unreachable(machine).map((name) => ({ state: name, problem: 'no transition leads to it' })),
  ];
}

/** Of the whole machine, branches included: two of the same name are refused, wherever they stand. */
function namesOf({ States }: AslBranch): readonly string[] {
  return Object.entries(States).flatMap(([name, { Branches = [] }]) => [name, ...Branches.flatMap(namesOf)]);
}

function checkTask(name: string, state: AslState): AslProblem[] {
  if (state.Type !== 'Task') return [];
  const missing: string[] = [];
  if (!(typeof state.TimeoutSeconds === 'number' && state.TimeoutSeconds > 0)) missing.push('TimeoutSeconds');
  if (!state.Retry?.length) missing.push('Retry');
  return [...missing.map((field) => ({ state: name, problem: `Task without ${field}` })), ...checkCatch(name, state)];
}

function checkParallel(name: string, state: AslState): readonly AslProblem[] {
  if (state.Type !== 'Parallel') return [];
  const { Branches = [] } = state;
  const empty = Branches.length === 0 ? [{ state: name, problem: 'Parallel without Branches' }] : [];
  return [...empty, ...checkCatch(name, state), ...Branches.flatMap(checkStates)];
}

function checkCatch(name: string, { Type, Catch = [] }: AslState): AslProblem[] {
  if (Catch.length === 0) return [{ state: name, problem: `${Type} without Catch` }];
  if (Catch.some((catcher) => catcher.ErrorEquals.includes('States.ALL'))) return [];
  return [{ state: name, problem: 'Catch does not end with States.ALL, so some errors escape it' }];
}

function checkTransitions(name: string, state: AslState, machine: AslBranch): AslProblem[] {
  const targets = transitions(state);
  const problems = targets
    .filter((target) => machine.States[target] === undefined)
    .map((target) => ({ state: name, problem: `leads to ${JSON.stringify(target)}, which does not exist` }));
  if (state.Type === 'Choice') {
    // Without a default, a result that nobody thought of ends in States.NoChoiceMatched, which no Catch can take.
    if (state.Default === undefined) problems.push({ state: name, problem: 'Choice without Default' });
  } else if (!TERMINAL_TYPES.includes(state.Type) && state.End !== true && state.Next === undefined) {
    problems.push({ state: name, problem: 'neither Next nor End' });
  }
  return problems;
}

function unreachable(machine: AslBranch): string[] {
  const seen = new Set<string>();
  const open = [machine.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = machine.States[name];
    if (state === undefined || seen.has(name)) continue;
    seen.add(name);
    open.push(...transitions(state));
  }
  return Object.keys(machine.States).filter((name) => !seen.has(name));
}

function transitions(state: AslState): string[] {
  return [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map((choice) => choice.Next),
    ...(state.Catch ?? []).map((catcher) => catcher.Next),
  ].filter((target) => target !== undefined);
}
