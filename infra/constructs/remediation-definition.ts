import type { AslBranch, AslCatcher, AslChoice, AslMachine, AslRetrier, AslState } from '../checks/asl-check.ts';

/** ARNs of the functions that the machine calls. */
export type RemediationFunctions = {
  readonly plan: string;
  readonly contain: string;
  readonly revert: string;
  readonly verify: string;
  readonly restore: string;
};

export type RemediationOptions = {
  readonly functions: RemediationFunctions;
  readonly approvalTimeoutSeconds: number;
  /** Longest that a lock and the tokens from before it may last. */
  readonly longestHoldSeconds: number;
  /** Longest a call of one function may take, its queueing included. */
  readonly taskTimeoutSeconds: number;
  /** Whether a plan may be carried out without a person being asked: contain is then made ready while plan works. */
  readonly wakesContain: boolean;
};

const HOUR = 3600;

/**
 * Another execution works on the same subject and holds its lease. A lease outlives the function that took it (its
 * timeout plus the SDK's), so the attempts must span more than that: 3 s, then 5 s each, about five minutes in all.
 */
const LEASE_HELD: AslRetrier = {
  ErrorEquals: ['LeaseHeldError'],
  IntervalSeconds: 3,
  BackoffRate: 1.3,
  MaxDelaySeconds: 5,
  MaxAttempts: 60,
  JitterStrategy: 'FULL',
};

/**
 * Lambda's own faults, in which our code may or may not have run: every function is idempotent.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const LAMBDA_FAULT: AslRetrier = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxDelaySeconds: 20,
  MaxAttempts: 8,
  JitterStrategy: 'FULL',
};

/**
 * A function that ended in the middle, and perhaps did what it was asked; here only where not everything is tried again.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const LOST: AslRetrier = {
  ErrorEquals: ['Lambda.Unknown', 'Sandbox.Timedout'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 3,
  JitterStrategy: 'FULL',
};

/** Anything else, a timeout of the task included: a few times, because a containment left half done is worse. */
const ANY_FAULT: AslRetrier = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 3,
  JitterStrategy: 'FULL',
};

const ON_FAILURE: AslCatcher = { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Record failure' };
const ON_FAILED_RELEASE: AslCatcher = { ...ON_FAILURE, Next: 'Record failed release' };

/**
 * The flow of one containment, or of one release, which the end of a lock begins in the execution of its containment. States are named in the words of the case's timeline. The state between
 * tasks holds ids and counters only; documents, prior values and the plan lie in the cases table.
 *
 * Input: `{kind: 'contain', caseId, planVersion}` or `{kind: 'release', caseId, release, all}`.
 */
export function remediationDefinition(options: RemediationOptions): AslMachine {
  const { functions, approvalTimeoutSeconds, longestHoldSeconds, taskTimeoutSeconds, wakesContain } = options;
  const call = (functionArn: string, parameters: Record<string, unknown>, rest: Omit<AslState, 'Type'>): AslState => ({
    Type: 'Task',
    Resource: functionArn,
    Parameters: parameters,
    TimeoutSeconds: taskTimeoutSeconds,
    Retry: [LEASE_HELD, LAMBDA_FAULT, ANY_FAULT],
    Catch: [ON_FAILURE],
    ...rest,
  });

  const planning: AslBranch = {
    StartAt: 'Plan',
    States: {
      Plan: call(
        functions.plan,
        { kind: 'plan', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion' },
        {
          ResultSelector: { 'next.$': '$.next' },
          ResultPath: '$.plan',
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Plan failed' }],
          End: true,
        },
      ),
      // No transition leaves a branch, so the failure goes out as an answer.
      'Plan failed': { Type: 'Pass', Result: { next: 'failed' }, ResultPath: '$.plan', End: true },
    },
  };

  return {
    Comment: 'Takes access back, or gives it back, for one case',
    StartAt: 'Contain or release',
    // An approval lasts its own time, a lock at most 30 days and then the life of a token, every other wait seconds to
    // minutes: an execution older than this is stuck. Step Functions lets one last a year.
    TimeoutSeconds: approvalTimeoutSeconds + longestHoldSeconds + 6 * HOUR,
    States: {
      'Contain or release': choice('$.kind', { contain: 'Plan and wake', release: 'First round of release' }),

      'Plan and wake': {
        Type: 'Parallel',
        Branches: [planning, ...(wakesContain ? [wakingContain(functions.contain)] : [])],
        // What the first branch made of the input: the others leave nothing behind.
        OutputPath: '$[0]',
        Catch: [ON_FAILURE],
        Next: 'What the plan says',
      },
      'What the plan says': choice('$.plan.next', {
        contain: 'First pass',
        watch: 'First look',
        ask: 'Ask approval',
        done: 'Done',
        failed: 'Record failure',
      }),

      'Ask approval': {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: {
          FunctionName: functions.plan,
          Payload: {
            kind: 'ask',
            'caseId.$': '$.caseId',
            'planVersion.$': '$.planVersion',
            'taskToken.$': '$$.Task.Token',
          },
        },
        TimeoutSeconds: approvalTimeoutSeconds,
        // No retry on States.ALL here: it takes States.Timeout too, and would ask a second time what nobody answered.
        Retry: [LEASE_HELD, LAMBDA_FAULT, LOST],
        Catch: [
          { ErrorEquals: ['States.Timeout'], ResultPath: '$.failure', Next: 'Record expired approval' },
          ON_FAILURE,
        ],
        ResultSelector: { 'approved.$': '$.approved' },
        ResultPath: '$.approval',
        Next: 'What the answer says',
      },
      'What the answer says': {
        Type: 'Choice',
        Choices: [{ Variable: '$.approval.approved', BooleanEquals: true, Next: 'First pass' }],
        Default: 'Done',
      },

      'First pass': counters({ pass: 'first', round: 1 }, 'Contain'),
      // Nothing new is done, but what stands is watched on from where an execution that was overtaken left it.
      'First look': counters({ pass: 'first', round: 1 }, 'Verify'),
      Contain: call(
        functions.contain,
        { 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion', 'pass.$': '$.at.pass' },
        { ResultSelector: { 'next.$': '$.next' }, ResultPath: '$.contain', Next: 'After containing' },
      ),
      'After containing': choice('$.contain.next', {
        verify: 'Verify',
        revert: 'Revert',
        follow: 'Follow sessions',
        contain: 'Contain',
        done: 'Done',
      }),

      // What a detected call changed is undone by a function of its own, after the deny.
      Revert: call(
        functions.revert,
        { 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion', 'pass.$': '$.at.pass' },
        { ResultSelector: { 'next.$': '$.next' }, ResultPath: '$.revert', Next: 'After reverting' },
      ),
      'After reverting': choice('$.revert.next', { verify: 'Verify', follow: 'Follow sessions', done: 'Done' }),

      // Sessions that came of the subject get cases of their own. That this failed does not keep the subject's from being
      // verified: they stand in it as living on, and the function's alarm tells.
      'Follow sessions': call(
        functions.plan,
        { kind: 'follow', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion' },
        {
          ResultPath: null,
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.following', Next: 'Verify' }],
          Next: 'Verify',
        },
      ),

      Verify: call(
        functions.verify,
        {
          kind: 'verify',
          'caseId.$': '$.caseId',
          'planVersion.$': '$.planVersion',
          'round.$': '$.at.round',
        },
        { ResultSelector: ROUND, ResultPath: '$.at', Next: 'After verifying' },
      ),
      'After verifying': choice('$.at.next', {
        wait: 'Wait for the next look',
        contain: 'Contain',
        hold: 'Look at the hold',
        done: 'Done',
      }),
      'Wait for the next look': { Type: 'Wait', SecondsPath: '$.at.seconds', Next: 'Verify' },

      // Before the first wait as well: the hold says until when, and may have been joined by another.
      'Look at the hold': call(
        functions.verify,
        { kind: 'hold', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion' },
        { ResultSelector: HELD, ResultPath: '$.hold', Next: 'After looking at the hold' },
      ),
      'After looking at the hold': choice('$.hold.next', {
        wait: 'Wait for the end of the hold',
        contain: 'Carry on',
        release: 'Release at the end of the hold',
        done: 'Done',
      }),
      'Wait for the end of the hold': { Type: 'Wait', TimestampPath: '$.hold.until', Next: 'Look at the hold' },
      // What took longer than the check of the containment has come further.
      'Carry on': counters({ pass: 'reassert', round: 1 }, 'Contain'),
      // From here on it is a release like any other.
      'Release at the end of the hold': {
        Type: 'Pass',
        Parameters: { 'caseId.$': '$.caseId', 'release.$': '$.hold.release', all: false },
        Next: 'First round of release',
      },

      'First round of release': counters({ pass: 'first', round: 1 }, 'Restore'),
      Restore: call(
        functions.restore,
        { 'caseId.$': '$.caseId', 'release.$': '$.release', 'all.$': '$.all' },
        {
          ResultSelector: { 'next.$': '$.next', 'until.$': '$.until' },
          ResultPath: '$.restore',
          Catch: [ON_FAILED_RELEASE],
          Next: 'After restoring',
        },
      ),
      'After restoring': choice('$.restore.next', {
        verify: 'Verify release',
        hold: 'Wait for tokens to expire',
        done: 'Done',
      }),
      'Wait for tokens to expire': { Type: 'Wait', TimestampPath: '$.restore.until', Next: 'Restore' },

      'Verify release': call(
        functions.verify,
        {
          kind: 'verify-release',
          'caseId.$': '$.caseId',
          'release.$': '$.release',
          'round.$': '$.at.round',
        },
        {
          ResultSelector: ROUND,
          ResultPath: '$.at',
          Catch: [ON_FAILED_RELEASE],
          Next: 'After verifying release',
        },
      ),
      'After verifying release': choice('$.at.next', {
        wait: 'Wait for the next look at the release',
        restore: 'Restore',
        done: 'Done',
      }),
      'Wait for the next look at the release': { Type: 'Wait', SecondsPath: '$.at.seconds', Next: 'Verify release' },

      'Record expired approval': call(
        functions.verify,
        { kind: 'approval-expired', 'caseId.$': '$.caseId', 'planVersion.$': '$.planVersion' },
        { ResultPath: null, Next: 'Done' },
      ),
      'Record failure': call(
        functions.verify,
        // With the input: a failure of an overtaken execution must not stop the one that overtook it. The error's name
        // only: its cause may hold kilobytes of other people's text.
        { kind: 'failed', 'execution.$': '$$.Execution.Input', 'error.$': '$.failure.Error' },
        {
          ResultPath: null,
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.recording', Next: 'Failed' }],
          Next: 'Failed',
        },
      ),

      // A release that a lock's end began has another input than its execution.
      'Record failed release': call(
        functions.verify,
        {
          kind: 'failed',
          execution: { kind: 'release', 'caseId.$': '$.caseId', 'release.$': '$.release', 'all.$': '$.all' },
          'error.$': '$.failure.Error',
        },
        {
          ResultPath: null,
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.recording', Next: 'Failed' }],
          Next: 'Failed',
        },
      ),

      Done: { Type: 'Succeed' },
      Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
      // An input or an answer that this machine does not know: code and machine differ in version.
      'Answer not understood': {
        Type: 'Pass',
        Result: { Error: 'AnswerNotUnderstood', Cause: 'A function answered with a next step that does not exist.' },
        ResultPath: '$.failure',
        Next: 'Record failure',
      },
    },
  };
}

/**
 * An attack most often finds contain cold, and starting takes longer than its work: so it starts while plan works.
 * Whether it did does not matter, and is waited for at most as long as a slow start takes: Contain is called all the same.
 */
function wakingContain(functionArn: string): AslBranch {
  return {
    StartAt: 'Wake contain',
    States: {
      'Wake contain': {
        Type: 'Task',
        Resource: functionArn,
        Parameters: { kind: 'wake' },
        TimeoutSeconds: 3,
        // A second try would keep the deny waiting.
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 0 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Contain not awake' }],
        End: true,
      },
      'Contain not awake': { Type: 'Pass', End: true },
    },
  };
}

/** What verify answers, always all four: when to look again, the number of the next round and the kind of the next pass. */
const ROUND = { 'next.$': '$.next', 'seconds.$': '$.seconds', 'round.$': '$.round', 'pass.$': '$.pass' };

/** What is answered about a hold, always all three: see `HoldAnswer`. */
const HELD = { 'next.$': '$.next', 'until.$': '$.until', 'release.$': '$.release' };

function choice(variable: string, targets: Record<string, string>): AslState {
  const choices = Object.entries(targets).map(
    ([value, next]): AslChoice => ({ Variable: variable, StringEquals: value, Next: next }),
  );
  return { Type: 'Choice', Choices: choices, Default: 'Answer not understood' };
}

function counters(start: { readonly pass: 'first' | 'reassert'; readonly round: number }, next: string): AslState {
  return { Type: 'Pass', Result: start, ResultPath: '$.at', Next: next };
}
