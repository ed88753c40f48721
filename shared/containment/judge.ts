import type { Grade, Outcome, Residual, Shortfall, Unavailable } from '../cases/outcome.ts';
import type { ActionId } from './action.ts';
import { residualOfBoundary } from './boundary-residual.ts';
import { hasStage, onlyReverts } from './registry.ts';
import type { StepVerdict, VerifyReport } from './verify.ts';

export type JudgeInput = {
  readonly actions: readonly ActionId[];
  /** The last report of verify: every step of the ledger by fresh reads. */
  readonly report: VerifyReport;
  readonly settleSeconds: number;
  /** What contain could not plan, read or do with approval: the last report's. */
  readonly shortfalls: readonly Shortfall[];
  readonly residual: readonly Residual[];
  /** What planning and containing could not check. */
  readonly unavailable: readonly Unavailable[];
  /** On AWS a check that is not available forces `partial`; on an endpoint of one's own the outcome stands and lists it. */
  readonly endpointIsAws: boolean;
  /** The organisation's guard stands over the subject's account, as the policy says; not unless told. */
  readonly guarded?: boolean;
};

/** `contained` only if a deny and every other step were seen to stand for the settle time, and nothing is missing. */
export function judge(input: JudgeInput): Outcome {
  const { actions, report, settleSeconds, endpointIsAws } = input;
  if (report.kind === 'gone') return report;
  const residual = [...residualOfBoundary(report.steps), ...input.residual];
  const unavailable = distinct([...input.unavailable, ...report.unavailable]);
  const missing: readonly Shortfall[] = [
    ...report.steps.flatMap(shortfallOf),
    ...(report.steps.some(({ stage }) => stage === 'deny') || onlyReverts(actions)
      ? []
      : [{ item: 'deny', reason: 'none was made' }]),
    ...(report.steps.some(({ stage }) => stage === 'revert') || !hasStage('revert', actions)
      ? []
      : [{ item: 'revert', reason: 'nothing was undone' }]),
    ...(report.stoodSeconds >= settleSeconds
      ? []
      : [{ item: 'settle time', reason: `seen to stand for ${report.stoodSeconds} s of ${settleSeconds} s` }]),
    ...(actions.includes('detach-policies') && !report.progress.detached
      ? [{ item: 'privileged policies', reason: 'not detached, for the deny was never verified' }]
      : []),
    ...report.unexpected,
    ...input.shortfalls,
    ...(endpointIsAws ? unavailable.map(({ operation, reason }) => ({ item: operation, reason })) : []),
  ];
  return missing.length === 0
    ? { kind: 'contained', grade: gradeOf(input.guarded === true, report), residual, unavailable }
    : { kind: 'partial', missing, residual, unavailable };
}

/**
 * Inside the account an administrator can undo everything. The guard denies that for whoever bears the quarantine policy, and
 * for whoever bears the tag. Where it was undone all the same, the guard is not what the policy says.
 */
function gradeOf(guarded: boolean, { steps, progress }: Extract<VerifyReport, { kind: 'seen' }>): Grade {
  const isTagged = steps.some(({ stepKey, state }) => stepKey.startsWith('tag-held#') && state === 'holds');
  const denies = steps.filter(({ stage }) => stage === 'deny');
  const isHeld = ({ by }: StepVerdict) => by !== undefined && (isTagged || by.startsWith('Attach'));
  return guarded && denies.length > 0 && denies.every(isHeld) && !progress.certain ? 'A' : 'B';
}

function shortfallOf({ target, state, detail }: StepVerdict): readonly Shortfall[] {
  switch (state) {
    case 'holds':
      return [];
    case 'undone':
      return [{ item: target, reason: detail ?? 'was undone by somebody' }];
    case 'unknown':
      return [{ item: target, reason: detail ?? 'could not be read' }];
  }
}

function distinct(all: readonly Unavailable[]): readonly Unavailable[] {
  return [...new Map(all.map((one) => [one.operation, one])).values()];
}
