import type { AccessEvent } from '../access/access-event.ts';
import type { Mode } from '../config/policy.ts';
import type { Answer } from '../config/response.ts';
import { deniesEverything, isTargeted, type PlaybookActions } from '../containment/playbooks.ts';
import type { IdentityCenterPolicy } from '../identity-center/reach.ts';
import type { JsonObject } from '../json.ts';
import { type CaseStore, MARKED_EVENTS, type Mark } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flow } from '../ports/flow.ts';
import type { Correlated } from '../rules/correlate/correlations-of.ts';
import type { RuleFault, Undecided } from '../rules/evaluate/create-evaluator.ts';
import type { KnowingTags } from '../rules/evaluate/knowing-tags.ts';
import type { FirstSeenQuestion, FirstSeenVerdict } from '../rules/first-seen/judge-first-seen.ts';
import type { RuleHeader } from '../rules/rule.ts';
import { type Case, type Detection, NOTHING_TOUCHED, type Touched } from './case.ts';
import { againWhenStale } from './change-case.ts';
import { countEvent } from './count-event.ts';
import { broughtBy, detectionOf, touchedIn } from './detection-of.ts';
import { isAfterContainment } from './is-after-containment.ts';
import { isHigher, isNoLongerLate, joinCase } from './join-case.ts';
import { joinReleased } from './join-released.ts';
import { keepJoined } from './keep-joined.ts';
import { isAfterRelease, releaseKeysOf, weighed } from './last-release.ts';
import { openCase } from './open-case.ts';
import { OWN_ROLES_TAG } from './own-roles.ts';
import { asPerson } from './person-subject.ts';
import { startDuePlan } from './start-due-plan.ts';
import type { Subject } from './subject.ts';
import { type PrincipalLookup, selectorFor, subjectOf, subjectOfActor } from './subject-of.ts';

export type EvaluateDeps = {
  readonly rulesThatHold: (record: JsonObject) => KnowingTags | Promise<KnowingTags>;
  /** Whether one of these keys was not seen before this event. */
  readonly firstSeen: (event: AccessEvent, question: FirstSeenQuestion) => Promise<FirstSeenVerdict>;
  /** Correlations that this event made true; `matches` are all rules that it met, silent parts of correlations included. */
  readonly correlationsThatHold: (event: AccessEvent, matches: readonly RuleHeader[]) => Promise<readonly Correlated[]>;
  readonly answerFor: (rule: RuleHeader) => Answer;
  /** What the call touched; asked only where the answer is about that. */
  readonly touchedBy: (event: AccessEvent) => Touched;
  readonly playbookActions: (playbook: string, subject: Subject) => PlaybookActions;
  /** Unique ids of Rescind's own roles, whose calls are not judged: a loop on our own changes would never end. */
  readonly ownRoleIds: ReadonlySet<string>;
  readonly store: CaseStore;
  readonly lookup: PrincipalLookup;
  /** Without it, or where it says so, nobody of Identity Center is contained. */
  readonly identityCenter?: IdentityCenterPolicy;
  readonly flow: Flow;
  readonly clock: Pick<Clock, 'now'>;
  readonly newCaseId: () => string;
  /** It comes from CloudTrail's history, and may have been judged before. */
  readonly reconciled?: boolean;
};

/** What one rule made of one record. */
export type Evaluated =
  /** `planDue`: the plan version whose execution is due. */
  | { readonly kind: 'detected'; readonly ruleId: string; readonly caseId: string; readonly planDue?: number }
  /** The same event again. */
  | { readonly kind: 'duplicate'; readonly ruleId: string; readonly caseId?: string }
  /** Another event of a rule that the open case knows already: counted. */
  | { readonly kind: 'counted'; readonly ruleId: string; readonly caseId: string }
  /** It would have been detected, but for this. */
  | { readonly kind: 'suppressed'; readonly ruleId: string; readonly by: string }
  | { readonly kind: 'own'; readonly ruleId: string };

/** A rule that goes on holding brings its case to mind this often: a plan that came to nothing is made again then. */
const ANOTHER_LOOK_AFTER_MS = 3600 * 1000;

/**
 * Judges one event by every rule. No rule holds: nothing is reported, and no call was made. A rule that could not be
 * answered keeps none of the others waiting: its fault is thrown once they are done, so that the event comes again.
 */
export async function evaluateRecord(
  deps: EvaluateDeps,
  event: AccessEvent,
): Promise<{ readonly results: readonly Evaluated[]; readonly faults: readonly RuleFault[] }> {
  const { hits, matches, suppressed, undecided, faults, unread } = await deps.rulesThatHold(event.record);
  const failures: unknown[] = unread === undefined ? [] : [unread];
  if (matches.length + suppressed.length + undecided.length + failures.length === 0) return { results: [], faults };
  const own = isOwn(deps, event);
  const results: Evaluated[] = suppressed.map(({ rule, by }) => ({ kind: 'suppressed', ruleId: rule.id, by }));
  const keep = (error: unknown): void => {
    failures.push(error);
  };
  const first: Undecided[] = [];
  for (const one of own ? [] : undecided) {
    const { rule, silent, keys } = one;
    const verdict = await deps.firstSeen(event, { ruleId: rule.id, keys }).catch(keep);
    if (verdict?.kind === 'first') first.push(one);
    else if (verdict?.kind === 'suppressed' && !silent) results.push({ ...verdict, ruleId: rule.id });
  }
  const met = [...matches, ...first.map(({ rule }) => rule)];
  const correlated =
    own || met.length === 0
      ? []
      : await deps.correlationsThatHold(event, met).catch((error: unknown) => {
          keep(error);
          return [];
        });
  const seen = first.filter(({ silent }) => !silent).map(({ rule }) => rule);
  const held = [...hits, ...seen].map((rule): Correlated => ({ rule, newest: event.eventTime }));
  for (const { rule, newest } of [...held, ...correlated]) {
    if (own && !watchesOwnRoles(rule)) results.push({ kind: 'own', ruleId: rule.id });
    else await detect(deps, event, rule, newest).then((result) => results.push(result), keep);
  }
  // Started after every rule has joined, so that one event with several rules makes one plan.
  const due = new Map(
    results.flatMap((result) =>
      result.kind === 'detected' && result.planDue !== undefined ? [[result.caseId, result.planDue] as const] : [],
    ),
  );
  for (const [caseId, planVersion] of due) {
    await deps.flow.start({ kind: 'contain', caseId, planVersion }).catch(keep);
  }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} rules could not be answered`);
  return { results, faults };
}

/** They tell people and change nothing: no loop comes of them. */
function watchesOwnRoles({ tags, respond }: RuleHeader): boolean {
  return tags.includes(OWN_ROLES_TAG) && respond === 'alert';
}

/** By unique id: in another account, or here once ours is deleted, anybody may name a role like one of ours. */
function isOwn({ ownRoleIds }: EvaluateDeps, { principal }: AccessEvent): boolean {
  return principal.kind === 'role-session' && ownRoleIds.has(principal.roleId);
}

async function detect(deps: EvaluateDeps, event: AccessEvent, rule: RuleHeader, newest: string): Promise<Evaluated> {
  const selector = selectorFor(deps.answerFor(rule).playbook, rule.subject);
  const subject = asPerson(await subjectOf(event, selector, deps.lookup), deps.identityCenter);
  return againWhenStale(() => detectOnce(deps, event, { rule, newest }, subject));
}

async function detectOnce(
  deps: EvaluateDeps,
  event: AccessEvent,
  { rule, newest }: Correlated,
  subject: Subject,
): Promise<Evaluated> {
  const { store } = deps;
  const answer = deps.answerFor(rule);
  const { playbook } = answer;
  const { mark, claim, releases } = await store.standing(subject.key, rule.id, releaseKeysOf(subject));
  const open = await openCase(store, claim);

  const now = deps.clock.now();
  const planned = deps.playbookActions(playbook, subject);
  const actions = planned.kind === 'actions' ? planned.actions : [];
  const detected = {
    ...detectionOf(event, rule, answer, now.toISOString()),
    ...(isTargeted(playbook) ? { touched: deps.touchedBy(event) } : {}),
    ...(planned.kind === 'refused' ? { unfit: planned.why } : {}),
  };
  const detection = weighed(detected, releases, newest);
  const { eventId, mode = answer.mode } = detection;

  if (mark?.events.includes(eventId) === true) {
    if (mark.caseId === undefined) return { kind: 'duplicate', ruleId: rule.id };
    await startDuePlan(deps, mark.caseId);
    return { kind: 'duplicate', ruleId: rule.id, caseId: mark.caseId };
  }
  // What the case denies already, where it denies no more than that.
  const denied =
    open?.actions.includes('deny-resource') === true
      ? touchedIn(await store.detections(open.caseId), open.mode)
      : NOTHING_TOUCHED;
  const isDenied = ({ arn }: { readonly arn: string }) => denied.resources.some((one) => one.arn === arn);
  // Its id may be one that the mark had no room for: brought again, it must not open anew what a person has ended.
  const isFull = mark !== undefined && mark.events.length >= MARKED_EVENTS;
  const countedBy = isFull && mark.caseId !== undefined && mark.caseId === open?.caseId;
  if (deps.reconciled === true && isFull && (countedBy || !isAfterRelease(event, releases))) {
    return { kind: 'duplicate', ruleId: rule.id };
  }
  const kept = open === undefined ? await joinReleased(store, subject.key, detection, { mark, releases }) : undefined;
  if (kept !== undefined) return kept;
  const proof = provesAccess(open, event, deps.identityCenter, () => deps.touchedBy(event).resources.some(isDenied));
  const again = isChangedAgain(open, detection);
  const noLonger = isNoLongerLate(open, { detection, mode, actions });
  // Whoever was released is not claimed by the case any more, which may have been told of late calls since.
  const known =
    mark?.caseId !== undefined && mark.caseId === open?.caseId ? { ...mark, caseId: mark.caseId } : undefined;
  const news = proof || again || noLonger || winsOverRelease(open, detection);
  if (known !== undefined && !news && !isWorthJoining(known, { detection, mode, now })) {
    return countEvent(store, subject.key, detection, known);
  }

  const joined = joinCase(open, {
    subject,
    detection,
    mode,
    actions,
    newCaseId: deps.newCaseId(),
    now: now.toISOString(),
    provesAccess: proof,
    touchesMore: detection.touched?.resources.every(isDenied) === false,
    leadsToPerson: deps.identityCenter?.contain === true && subject.kind === 'beyond' && subject.person !== undefined,
  });
  const { caseId, planVersion } = await keepJoined(store, joined, { open, detection, mode, mark, releases });
  return { kind: 'detected', ruleId: rule.id, caseId, ...(joined.planDue ? { planDue: planVersion } : {}) };
}

/**
 * A call of the subject itself that went through after its containment was told: the deny does not hold it. Where only some
 * resources are denied, it must have touched one of these.
 */
function provesAccess(
  open: Case | undefined,
  event: AccessEvent,
  center: IdentityCenterPolicy | undefined,
  touchesDenied: () => boolean,
): boolean {
  return (
    isAfterContainment(open, event) &&
    event.errorCode === undefined &&
    asPerson(subjectOfActor(event), center).key === open.subject.key &&
    // A session that was opened with MFA bears the name of the one that was ended.
    !open.actions.includes('require-mfa-to-assume') &&
    (deniesEverything(open.actions) || (open.actions.includes('deny-resource') && touchesDenied()))
  );
}

/** It happened after a person's release that nothing has won over yet, and is not more of what came too late for it. */
function winsOverRelease(open: Case | undefined, { releasedSince }: Detection): boolean {
  const { planVersion, release } = open ?? {};
  return (
    release?.timed === undefined &&
    release?.planVersion === planVersion &&
    release !== undefined &&
    releasedSince === undefined
  );
}

/** What was reverted, and seen to be, was done once more: to be reverted once more, which verify no longer watches for. */
function isChangedAgain(open: Case | undefined, detection: Detection): boolean {
  return detection.playbook === 'revert' && detection.granted.length > 0 && isAfterContainment(open, detection);
}

/** Whether another event of a rule may tell its case more than that there was one more. */
function isWorthJoining(
  mark: Mark,
  { detection, mode, now }: { readonly detection: Detection; readonly mode: Mode; readonly now: Date },
): boolean {
  const { joinedAt, brought } = mark;
  return (
    mark.mode === undefined ||
    isHigher(mode, mark.mode) ||
    joinedAt === undefined ||
    now.getTime() - Date.parse(joinedAt) >= ANOTHER_LOOK_AFTER_MS ||
    (brought.length < MARKED_EVENTS && broughtBy(detection).some((one) => !brought.includes(one)))
  );
}
