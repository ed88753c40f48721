import type { AccessEvent } from '../access/access-event.ts';
import { MODES, type Mode } from '../config/policy.ts';
import type { PlaybookActions } from '../containment/playbooks.ts';
import type { JsonObject } from '../json.ts';
import { type CaseStore, MARKED_EVENTS, StaleCaseError } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flow } from '../ports/flow.ts';
import type { RuleFault } from '../rules/evaluate/create-evaluator.ts';
import type { RuleHeader } from '../rules/rule.ts';
import type { CaseState } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { detectionOf } from './detection-of.ts';
import { joinCase } from './join-case.ts';
import type { Subject } from './subject.ts';
import { type PrincipalLookup, subjectOf } from './subject-of.ts';

export type EvaluateDeps = {
  readonly rulesThatHold: (record: JsonObject) => {
    readonly hits: readonly RuleHeader[];
    readonly faults: readonly RuleFault[];
  };
  readonly answerFor: (rule: RuleHeader) => { readonly playbook: string; readonly mode: Mode };
  readonly playbookActions: (playbook: string, subject: Subject) => PlaybookActions;
  /** Rescind's own calls are not judged: a loop on our own changes would never end. */
  readonly isOwnRole: (roleName: string) => boolean;
  readonly store: CaseStore;
  readonly lookup: PrincipalLookup;
  readonly flow: Flow;
  readonly clock: Pick<Clock, 'now'>;
  readonly newCaseId: () => string;
};

/** What one rule made of one record. */
export type Evaluated =
  /** `planDue`: the plan version whose execution is due. */
  | { readonly kind: 'detected'; readonly ruleId: string; readonly caseId: string; readonly planDue?: number }
  /** The same event again. */
  | { readonly kind: 'duplicate'; readonly ruleId: string; readonly caseId?: string }
  /** Another event of a rule that the open case knows already: counted. */
  | { readonly kind: 'counted'; readonly ruleId: string; readonly caseId: string }
  | { readonly kind: 'own'; readonly ruleId: string };

/** No plan is made while access is given back, or after: a detection that joins then takes the case out of this state. */
const ENDING: ReadonlySet<CaseState> = new Set(['releasing', 'released', 'closed']);

/** Judges one event by every rule. No rule holds: nothing is reported, and no call was made. */
export async function evaluateRecord(
  deps: EvaluateDeps,
  event: AccessEvent,
): Promise<{ readonly results: readonly Evaluated[]; readonly faults: readonly RuleFault[] }> {
  const { hits, faults } = deps.rulesThatHold(event.record);
  const own = event.principal.kind === 'role-session' && deps.isOwnRole(event.principal.roleName);
  const results: Evaluated[] = [];
  for (const rule of hits) {
    results.push(own ? { kind: 'own', ruleId: rule.id } : await detect(deps, event, rule));
  }
  // Started after every rule has joined, so that one event with several rules makes one plan.
  const due = new Map(
    results.flatMap((result) =>
      result.kind === 'detected' && result.planDue !== undefined ? [[result.caseId, result.planDue] as const] : [],
    ),
  );
  for (const [caseId, planVersion] of due) await deps.flow.start({ kind: 'contain', caseId, planVersion });
  return { results, faults };
}

async function detect(deps: EvaluateDeps, event: AccessEvent, rule: RuleHeader): Promise<Evaluated> {
  const subject = await subjectOf(event, rule.subject, deps.lookup);
  return againWhenStale(() => detectOnce(deps, event, rule, subject));
}

async function detectOnce(
  deps: EvaluateDeps,
  event: AccessEvent,
  rule: RuleHeader,
  subject: Subject,
): Promise<Evaluated> {
  const { store } = deps;
  const { playbook, mode } = deps.answerFor(rule);
  const [mark, open] = await Promise.all([store.mark(subject.key, rule.id), store.openCaseOf(subject.key)]);

  if (mark?.events.includes(event.eventId) === true) {
    if (mark.caseId === undefined) return { kind: 'duplicate', ruleId: rule.id };
    await startDuePlan(deps, mark.caseId);
    return { kind: 'duplicate', ruleId: rule.id, caseId: mark.caseId };
  }
  if (mark?.caseId !== undefined && !isHigher(mode, mark.mode)) {
    const { caseId } = mark;
    if (mark.events.length >= MARKED_EVENTS || (await store.countEvent(subject.key, rule.id, event.eventId, caseId))) {
      return { kind: 'counted', ruleId: rule.id, caseId };
    }
    throw new StaleCaseError(`The mark of ${rule.id} on ${subject.key} changed meanwhile.`);
  }

  const now = deps.clock.now().toISOString();
  const planned = deps.playbookActions(playbook, subject);
  const detection = {
    ...detectionOf(event, rule, playbook, now),
    ...(planned.kind === 'refused' ? { unfit: planned.why } : {}),
  };
  const { next, isNew, planDue } = joinCase(open, {
    subject,
    detection,
    mode,
    actions: planned.kind === 'actions' ? planned.actions : [],
    newCaseId: deps.newCaseId(),
    now,
  });
  await store.join({ next, isNew, detection, mode });
  return { kind: 'detected', ruleId: rule.id, caseId: next.caseId, ...(planDue ? { planDue: next.planVersion } : {}) };
}

/**
 * Starts the execution of the case's newest plan version unless its plan has been made. A crash between joining
 * and starting leaves it due: the event comes again and starts it. Starting twice is starting once.
 */
async function startDuePlan({ store, flow }: EvaluateDeps, caseId: string): Promise<void> {
  const found = await store.read(caseId);
  if (found === undefined || ENDING.has(found.state)) return;
  if ((await store.plan(caseId, found.planVersion)) === undefined) {
    await flow.start({ kind: 'contain', caseId, planVersion: found.planVersion });
  }
}

function isHigher(mode: Mode, than: Mode | undefined): boolean {
  return than === undefined || MODES.indexOf(mode) > MODES.indexOf(than);
}
