import { MODES, type Mode } from '../config/policy.ts';
import type { ActionId } from '../containment/action.ts';
import { LEVELS, type Level } from '../rules/rule.ts';
import type { Case, Detection } from './case.ts';
import type { Subject } from './subject.ts';

export type Joining = {
  readonly subject: Subject;
  readonly detection: Detection;
  readonly mode: Mode;
  readonly actions: readonly ActionId[];
  /** Id for a case, should one be opened. */
  readonly newCaseId: string;
  readonly now: string;
};

export type Joined = {
  readonly next: Case;
  readonly isNew: boolean;
  /** An execution of this plan version is due. `false`: a quiet join. */
  readonly planDue: boolean;
};

/**
 * A detection opens a case or joins the open one of its subject. It makes a new plan due when it adds an
 * action, raises the mode, or arrives while access is being given back: the new detection wins over the release.
 */
export function joinCase(current: Case | undefined, joining: Joining): Joined {
  const { detection, mode, actions, now } = joining;
  if (current === undefined) return { next: openCase(joining), isNew: true, planDue: true };

  const union = [...new Set([...current.actions, ...actions])];
  const raised = MODES.indexOf(mode) > MODES.indexOf(current.mode);
  const planDue = union.length > current.actions.length || raised || current.state === 'releasing';
  return {
    isNew: false,
    planDue,
    next: {
      ...current,
      severity: highestLevel(current.severity, detection.level),
      mode: raised ? mode : current.mode,
      state: current.state === 'releasing' ? 'open' : current.state,
      planVersion: planDue ? current.planVersion + 1 : current.planVersion,
      playbooks: [...new Set([...current.playbooks, detection.playbook])],
      actions: union,
      ruleIds: [...new Set([...current.ruleIds, detection.ruleId])],
      updatedAt: now,
      revision: current.revision + 1,
    },
  };
}

function openCase({ subject, detection, mode, actions, newCaseId, now }: Joining): Case {
  return {
    caseId: newCaseId,
    subject,
    state: 'open',
    severity: detection.level,
    version: 0,
    planVersion: 1,
    mode,
    playbooks: [detection.playbook],
    actions,
    ruleIds: [detection.ruleId],
    openedAt: now,
    updatedAt: now,
    releases: 0,
    revision: 1,
  };
}

export function highestLevel(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}
