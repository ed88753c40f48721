import type { SessionLineage } from '../access/session-lineage.ts';
import type { Granted, Touched } from '../cases/case.ts';
import type { Residual, Shortfall, Unavailable } from '../cases/outcome.ts';
import type { Subject } from '../cases/subject.ts';
import type { Clock } from '../ports/clock.ts';
import type { Iam } from '../ports/iam.ts';
import type { People } from '../ports/identity-center.ts';
import type { Ledger, RefusedEntry } from '../ports/ledger.ts';
import type { Resources } from '../ports/resources.ts';
import { type ActionId, isMadeBy, type Part, type Step } from './action.ts';
import type { Call } from './call.ts';
import { isOpen } from './chain.ts';
import { cutOffAfter } from './cut-off.ts';
import { createHand, type StepReport } from './hand.ts';
import { sameStep } from './hash-plan.ts';
import { CUT_OFF_AT_CONTAINMENT } from './plan.ts';
import { inlineNamesOf, type NotContainable, planContainment, thingsOf } from './plan-containment.ts';
import { readDocuments, readGranted, readSubject } from './read-subject.ts';
import { actionOf, onlyReverts } from './registry.ts';
import { dueOf, isBegun, type Work, worksOf } from './work.ts';

export type MayWrite =
  /** `unavailable`: a check that the endpoint does not offer. */
  | { readonly ok: true; readonly unavailable?: readonly Unavailable[] }
  | {
      readonly ok: false;
      readonly reason: 'stopped' | 'protected' | 'last-administrator' | 'budget' | 'stale-plan';
      readonly detail: string;
      readonly humanSteps?: readonly string[];
    };

export type ContainDeps = {
  readonly iam: Iam;
  /** Only revert changes anything beyond IAM, and only a caller a console password. */
  readonly resources?: Resources;
  readonly people?: People;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Stop switch, protection, last administrator, budget and fence: asked once, just before the first change of a pass. */
  readonly mayWrite: () => Promise<MayWrite>;
};

export type ContainRequest = {
  readonly subject: Subject;
  readonly actions: readonly ActionId[];
  readonly quarantinePolicyArn: string;
  /** The organisation's guard stands over the subject's account; not unless told. */
  readonly guarded?: boolean;
  /** Added to now for the cut-off: IAM needs seconds to hold everywhere. */
  readonly sessionMarginSeconds: number;
  /** How often the case gave access back before; none unless told. */
  readonly releases?: number;
  /**
   * `first`: deny, then credentials. `detach`: privileged policies, once the deny was verified. `reassert`: as
   * `first`, after verify found something undone. Each pass also puts back what the ledger says was made and is not.
   */
  readonly pass: 'first' | 'detach' | 'reassert';
  /** Whose work is done, and no other: contain's unless told. */
  readonly part?: Part;
  /** What the detected calls of the case changed. */
  readonly granted?: readonly Granted[];
  /** What they touched. */
  readonly touched?: Touched;
  /** Where the subject's sessions came from and what they handed out; unknown unless told. */
  readonly lineage?: SessionLineage;
  /** What a person approved: a step that differs is not made but listed, and nothing is made if the deny differs before it is begun. */
  readonly approvedSteps?: readonly Step[];
};

export type ContainReport =
  | {
      readonly kind: 'ran';
      readonly steps: readonly StepReport[];
      /** When the first deny went through: ISO 8601. */
      readonly denyAt?: string;
      readonly mutatingCalls: number;
      /** Not made: to be asked again. */
      readonly unapproved: readonly Step[];
      readonly shortfalls: readonly Shortfall[];
      readonly residual: readonly Residual[];
      readonly unavailable: readonly Unavailable[];
    }
  | { readonly kind: 'gone'; readonly detail: string; readonly mutatingCalls: number }
  | NotContainable
  | ({ readonly kind: 'refused' } & Omit<Extract<MayWrite, { ok: false }>, 'ok'>);

/**
 * Takes the subject's access back: one parallel round of reads, the deny, then the rest, each change written into
 * the ledger before it is made. A rerun after a crash at any point ends in the same state. Throws when ledger or
 * identity cannot be read, and FenceLostError at once: nothing more is changed then.
 */
export async function contain(deps: ContainDeps, request: ContainRequest): Promise<ContainReport> {
  const {
    subject,
    actions,
    quarantinePolicyArn,
    pass,
    releases = 0,
    part = 'contain',
    granted = [],
    touched,
  } = request;
  if (subject.kind === 'beyond') return { kind: 'not-containable', why: subject.why, humanSteps: subject.humanSteps };
  const [snapshot, entries] = await Promise.all([
    readSubject(
      deps,
      subject,
      inlineNamesOf(subject, actions, releases, granted, touched),
      deps.resources === undefined ? undefined : thingsOf(actions, touched, subject),
    ),
    deps.ledger.read(),
  ]);
  const refused = await deps.ledger.refused();
  const documents =
    part === 'revert'
      ? await readGranted(deps.iam, granted, quarantinePolicyArn)
      : pass === 'detach'
        ? await readDocuments(deps.iam, snapshot, quarantinePolicyArn)
        : undefined;
  const input = {
    subject,
    actions,
    snapshot,
    quarantinePolicyArn,
    releases,
    granted,
    begun: entries.filter(isOpen),
    ...(touched === undefined ? {} : { touched }),
    ...(request.guarded === undefined ? {} : { guarded: request.guarded }),
    ...(request.lineage === undefined ? {} : { lineage: request.lineage }),
    ...(documents === undefined ? {} : { documents }),
  };
  const plan = planContainment({ ...input, cutOff: cutOffAfter(deps.clock.now(), request.sessionMarginSeconds) });
  if (plan.kind === 'gone') return { ...plan, mutatingCalls: 0 };
  if (plan.kind === 'not-containable') return plan;
  if (snapshot.kind === 'absent') throw new TypeError('A plan was made for a principal that is not there');

  const steps = plan.steps
    .filter(({ actionId }) => isMadeBy(part, actionOf(actionId)))
    .filter(({ stage }) => (stage === 'detach') === (pass === 'detach'));
  const works = worksOf(steps, entries).filter(({ actionId }) => isMadeBy(part, actionOf(actionId)));
  const unapproved = request.approvedSteps === undefined ? [] : unapprovedSteps(works, input, request.approvedSteps);
  // Where what was approved is begun, it is carried on with, and what came since is listed.
  const isNew = !works.some((work) => work.stage === 'deny' && isBegun(work));
  if (unapproved.some(({ stage }) => (stage === 'deny' && isNew) || (stage === 'revert' && onlyReverts(actions)))) {
    return { kind: 'refused', reason: 'stale-plan', detail: 'what was approved is no longer what would be done' };
  }

  const due = works
    .filter(({ stepKey }) => !unapproved.some(({ key }) => key === stepKey))
    .map((work) => ({ work, due: dueOf(work, snapshot) }));
  const unavailable = [...plan.unavailable];
  const known = due.flatMap(({ work, due: one }) => (work.stage === 'deny' && 'entry' in one ? [one.entry.call] : []));
  if (due.some(({ work, due: { kind } }) => (kind === 'make' || kind === 'again') && !isIdle(work, known))) {
    const answer = await deps.mayWrite();
    if (answer.ok) unavailable.push(...(answer.unavailable ?? []));
    if (!answer.ok) {
      const { ok: _ok, ...why } = answer;
      return { kind: 'refused', ...why };
    }
  }

  const hand = createHand(deps, subject, entries);
  const reports: StepReport[] = [];
  const postponed: Shortfall[] = [];
  for (const turn of ['deny', 'rest'] as const) {
    const ofTurn = due.filter(({ work }) => (work.stage === 'deny') === (turn === 'deny'));
    const denies = reports.filter(({ stage, result }) => stage === 'deny' && STANDING.has(result));
    const called = denies.map(({ call }) => call);
    const wanted = ofTurn.filter(({ work }) => !isIdle(work, called));
    const now = wanted.filter(({ work }) => work.stage !== 'detach' || denies.length > 0 || isBegun(work));
    for (const { work } of wanted.filter((one) => !now.includes(one))) {
      postponed.push({ item: work.title, reason: 'not done, for no deny stands' });
    }
    await hand.intend(now);
    for (const { work, due: what } of now) {
      const done = await hand.carryOut(work, what);
      if (done.kind === 'gone') return { ...done, mutatingCalls: hand.mutatingCalls() };
      reports.push(done.report);
    }
  }
  return {
    kind: 'ran',
    steps: reports,
    ...denyTime(reports),
    mutatingCalls: hand.mutatingCalls(),
    unapproved,
    shortfalls: [...refused.map(notBelieved), ...plan.shortfalls, ...postponed],
    residual: plan.residual,
    unavailable,
  };
}

const STANDING: ReadonlySet<StepReport['result']> = new Set(['done', 'stands', 'reasserted']);

/** Not begun, and not needed beside the denies as they stand. */
function isIdle(work: Work, denies: readonly Call[]): boolean {
  return !isBegun(work) && actionOf(work.actionId).isDueBeside?.(denies) === false;
}

/** New steps that nobody approved. What the ledger holds already was approved when it was written. */
function unapprovedSteps(
  works: readonly Work[],
  input: Omit<Parameters<typeof planContainment>[0], 'cutOff'>,
  approved: readonly Step[],
): readonly Step[] {
  const asApproved = planContainment({ ...input, cutOff: CUT_OFF_AT_CONTAINMENT });
  if (asApproved.kind !== 'plan') return [];
  const fresh = new Set(works.filter((work) => !isBegun(work)).map(({ stepKey }) => stepKey));
  return asApproved.steps.filter(
    (step) => fresh.has(step.key) && !approved.some((candidate) => sameStep(candidate, step)),
  );
}

/** What is to be done is done by a fresh plan; but a release will not give this back, and somebody writes our table. */
function notBelieved({ target, reason }: RefusedEntry): Shortfall {
  return { item: `ledger: ${target}`, reason };
}

function denyTime(reports: readonly StepReport[]): { readonly denyAt?: string } {
  const times = reports.flatMap(({ stage, at }) => (stage === 'deny' && at !== undefined ? [at] : []));
  const [first] = times.sort();
  return first === undefined ? {} : { denyAt: first };
}
