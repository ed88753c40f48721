import { MODES, type Mode } from '../config/policy.ts';
import { ACTION_IDS, type ActionId } from '../containment/action.ts';
import { LEVELS, type Level } from '../rules/rule.ts';
import type { Asked, Case, Detection } from './case.ts';
import { grantedElsewhere } from './granted-elsewhere.ts';
import type { Outcome } from './outcome.ts';
import type { Subject } from './subject.ts';

export type Joining = {
  readonly subject: Subject;
  readonly detection: Detection;
  readonly mode: Mode;
  readonly actions: readonly ActionId[];
  /** Id for a case, should one be opened. */
  readonly newCaseId: string;
  readonly now: string;
  /** The record shows that the contained subject still had access: see `provesAccess`. */
  readonly provesAccess?: boolean;
  /** It touched something that the case does not deny yet. */
  readonly touchesMore?: boolean;
  /** Behind the session is a user of Identity Center, whom Rescind may contain in a case of their own. */
  readonly leadsToPerson?: boolean;
};

export type Joined = {
  readonly next: Case;
  readonly isNew: boolean;
  /** An execution of this plan version is due. `false`: a quiet join. */
  readonly planDue: boolean;
  /** A person is to be told at once: the state changed with it, or it came too late to act on it. */
  readonly alertDue: boolean;
};

/**
 * A detection opens a case or joins the open one of its subject. It makes a new plan due when it adds an action, raises
 * the mode, arrives while access is being given back (the new detection wins over the release), or finds a case whose
 * last plan or release came to nothing. One that happened before a person released the subject wins over no release.
 */
export function joinCase(current: Case | undefined, joining: Joining): Joined {
  const { detection, mode, actions, now } = joining;
  if (current === undefined) return { next: openCase(joining), isNew: true, planDue: true, alertDue: false };

  const asked = askedWith(askedOf(current), actions, mode);
  const force = inForce(asked, higher(current.mode, mode));
  const tooLate = detection.releasedSince !== undefined && isLetGo(current);
  const noLonger = isNoLongerLate(current, joining);
  const news = isAfterLock(current)
    ? asksToAct(joining)
    : force.actions.some((action) => !current.actions.includes(action)) ||
      isHigher(force.mode, current.mode) ||
      current.state === 'releasing' ||
      bringsChange(joining) ||
      // The user's own case may be over since.
      (joining.leadsToPerson === true && current.outcome?.kind === 'not-containable') ||
      noLonger ||
      cameToNothing(current);
  const planDue = news && !tooLate;
  const reopened = !planDue && joining.provesAccess === true;
  // A call that the deny refused, as others of its rule before: what the release tells of is enough.
  const isNews = tooLate && !(detection.failed === true && current.ruleIds.includes(detection.ruleId));
  const { releasedSince: before, ...rest } = current;
  // What is in force rests on what came too late, and on nothing else.
  const onlyLate =
    tooLate || before !== undefined || current.actions.length === 0 || isHigher(force.mode, current.mode);
  const releasedSince = noLonger || !onlyLate ? undefined : (detection.releasedSince ?? before);
  return {
    isNew: false,
    planDue,
    alertDue: reopened || isNews,
    next: {
      ...rest,
      ...(releasedSince === undefined ? {} : { releasedSince }),
      // A rule may have told of the thing before one asked to undo what was changed on it.
      ...(current.subject.kind === 'beyond' ? { subject: joining.subject } : {}),
      ...force,
      asked,
      severity: highestLevel(current.severity, detection.level),
      state: planDue && current.state === 'releasing' ? 'open' : current.state,
      ...(reopened
        ? { state: 'needs-human', outcome: stillHasAccess(current, detection), version: current.version + 1 }
        : {}),
      ...(isNews ? { version: current.version + 1 } : {}),
      planVersion: planDue ? current.planVersion + 1 : current.planVersion,
      playbooks: [...new Set([...current.playbooks, detection.playbook])],
      ruleIds: [...new Set([...current.ruleIds, detection.ruleId])],
      updatedAt: now,
      revision: current.revision + 1,
    },
  };
}

/** The person who released it is giving the access back, or could not give it all: that is not taken back for them. */
function isLetGo({ state, release }: Case): boolean {
  return state === 'releasing' || (state === 'needs-human' && release !== undefined);
}

/**
 * Whether what is in force, which rested on what came too late to act on, rests on something since then as well: it is
 * planned anew, so that whoever was asked does not answer for old events alone.
 */
export function isNoLongerLate(
  current: Case | undefined,
  { detection, mode, actions }: Pick<Joining, 'detection' | 'mode' | 'actions'>,
): boolean {
  if (current?.releasedSince === undefined || detection.releasedSince !== undefined) return false;
  return current.actions.length === 0 || (actions.length > 0 && !isHigher(current.mode, mode));
}

/** What it changed, or touched, is not in the plan that was made: each of these answers is about a record of its own. */
function bringsChange({ detection: { playbook, granted }, actions, touchesMore }: Joining): boolean {
  if (actions.length === 0) return false;
  return playbook === 'revert' ? granted.length > 0 : touchesMore === true;
}

/** Called contained, and a call of the subject went through after that: what was called contained was not. */
function stillHasAccess(current: Case, detection: Detection): Outcome {
  const { outcome } = current;
  const { eventName, eventTime } = detection;
  const { residual, unavailable } = outcome?.kind === 'contained' ? outcome : { residual: [], unavailable: [] };
  const reason = `${eventName} of this subject succeeded at ${eventTime}, after the deny was seen to stand`;
  return {
    kind: 'partial',
    missing: [{ item: 'the deny', reason }],
    residual: [...grantedElsewhere(current, [detection]), ...residual],
    unavailable,
  };
}

/** After the end of a lock the subject is at work again: what only tells does not take its access back anew. */
function isAfterLock({ state, release }: Case): boolean {
  return state === 'releasing' && release?.timed !== undefined;
}

function asksToAct({ actions, mode }: Joining): boolean {
  return actions.length > 0 && mode !== 'observe';
}

function openCase({ subject, detection, mode, actions, newCaseId, now }: Joining): Case {
  const asked = askedWith({}, actions, mode);
  return {
    caseId: newCaseId,
    subject,
    state: 'open',
    severity: detection.level,
    version: 0,
    planVersion: 1,
    ...inForce(asked, mode),
    asked,
    playbooks: [detection.playbook],
    ruleIds: [detection.ruleId],
    openedAt: now,
    updatedAt: now,
    releases: 0,
    ...(detection.releasedSince === undefined ? {} : { releasedSince: detection.releasedSince }),
    revision: 1,
  };
}

/** A case written before `asked` was kept asked for all its actions in its own mode. */
function askedOf({ asked, actions, mode }: Case): Asked {
  return asked ?? askedWith({}, actions, mode);
}

function askedWith(before: Asked, actions: readonly ActionId[], mode: Mode): Asked {
  const added = actions.map((action) => [action, higher(before[action] ?? mode, mode)]);
  return { ...before, ...Object.fromEntries(added) };
}

/**
 * What is done, and in which mode: the actions that were asked for in the highest mode. One that only a rule in a lower
 * mode asks for is left out, for another rule's mode is no leave to act on it. Where nothing is to be done: `told`.
 */
function inForce(asked: Asked, told: Mode): { readonly mode: Mode; readonly actions: readonly ActionId[] } {
  const [first, ...rest] = Object.values(asked);
  if (first === undefined) return { mode: told, actions: [] };
  const mode = rest.reduce(higher, first);
  return { mode, actions: ACTION_IDS.filter((action) => asked[action] === mode) };
}

/** What stood in the way may be gone: the breaker, the stop switch, a fault, an approver who was asleep. */
function cameToNothing({ state, outcome, fighting }: Case): boolean {
  // Its execution is still at it: a new one would only begin anew.
  if (state !== 'needs-human' || fighting === true) return false;
  switch (outcome?.kind) {
    case 'partial':
    case 'planned':
      return true;
    case 'refused':
      return PASSING.has(outcome.reason);
    case 'contained':
    case 'gone':
    case 'not-containable':
    case undefined:
      return false;
  }
}

/** What was refused for these reasons may be let through another time. */
const PASSING: ReadonlySet<Extract<Outcome, { kind: 'refused' }>['reason']> = new Set([
  'breaker',
  'budget',
  'stopped',
  'stale-plan',
  'last-administrator',
]);

export function isHigher(mode: Mode, than: Mode): boolean {
  return MODES.indexOf(mode) > MODES.indexOf(than);
}

function higher(a: Mode, b: Mode): Mode {
  return isHigher(a, b) ? a : b;
}

export function highestLevel(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}
