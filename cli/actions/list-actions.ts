import { type Action, type Part, partOf, type Requirement } from '../../shared/containment/action.ts';
import { HELD_TAG } from '../../shared/containment/held-tag.ts';
import { playbooksOf } from '../../shared/containment/playbooks.ts';
import { READS } from '../../shared/containment/reads.ts';
import { ACTIONS } from '../../shared/containment/registry.ts';
import { tableLines } from '../terminal/table.ts';

/** One action, as `rescind actions` tells it. */
export type ListedAction = Pick<Action, 'id' | 'title' | 'stage'> & {
  /** The function that makes it, and whose role has what it needs; `caller`: none does, see `BY_CALLER`. */
  readonly function: Part;
  /** Permissions to make it, and to give back what it took, which is restore's work. */
  readonly apply: readonly ListedPermission[];
  readonly undo: readonly ListedPermission[];
  readonly playbooks: readonly string[];
};

export type ListedPermission = {
  readonly action: string;
  readonly on: Requirement['on'];
  /** `only` the quarantine policy, or any `but` that one; absent where no policy is meant. */
  readonly quarantinePolicy?: 'only' | 'but';
  /** The one tag that may be written. */
  readonly onlyTag?: string;
};

export function listActions(): readonly ListedAction[] {
  return Object.values<Action>(ACTIONS).map((action) => {
    const { id, title, stage, requires } = action;
    return {
      id,
      title,
      stage,
      function: partOf(action),
      apply: permissionsIn(requires, 'apply'),
      undo: permissionsIn(requires, 'undo'),
      playbooks: playbooksOf(id),
    };
  });
}

/** How an action is asked for that no function may make. */
const BY_CALLER = 'contain --direct --reset-console';

/** For people: the table, then what each of them needs. */
export function actionLines(actions: readonly ListedAction[], width: number): readonly string[] {
  const table = tableLines(
    [
      { title: 'ACTION' },
      { title: 'STAGE' },
      { title: 'PLAYBOOKS', shrink: true },
      { title: 'WHAT IT DOES', shrink: true },
    ],
    actions.map(({ id, stage, playbooks, title, function: by }) => [
      id,
      stage,
      by === 'caller' ? BY_CALLER : playbooks.join(', '),
      title,
    ]),
    width,
  );
  const needs = actions.flatMap(({ id, function: name, apply, undo }) => [
    '',
    id,
    name === 'caller'
      ? `  by the caller, who needs   ${apply.map(worded).join(', ')}`
      : `  ${name} may   ${apply.map(worded).join(', ')}`,
    ...(name === 'caller' ? [] : [`  restore may   ${undo.map(worded).join(', ')}`]),
  ]);
  const reads = [...new Set(Object.values(READS).flat())].sort();
  return [...table, ...needs, '', `Read for them by plan, contain, revert, verify and restore: ${reads.join(', ')}`];
}

function permissionsIn(requires: readonly Requirement[], phase: Requirement['phase']): readonly ListedPermission[] {
  return requires
    .filter((requirement) => requirement.phase === phase)
    .flatMap(({ actions, on, onlyQuarantinePolicy, neverQuarantinePolicy, onlyHeldTag }) =>
      actions.map((action) => ({
        action,
        on,
        ...(onlyQuarantinePolicy === true ? { quarantinePolicy: 'only' as const } : {}),
        ...(neverQuarantinePolicy === true ? { quarantinePolicy: 'but' as const } : {}),
        ...(onlyHeldTag === true ? { onlyTag: HELD_TAG } : {}),
      })),
    );
}

function worded({ action, quarantinePolicy, onlyTag }: ListedPermission): string {
  if (onlyTag !== undefined) return `${action} (only the tag ${onlyTag})`;
  if (quarantinePolicy === undefined) return action;
  return `${action} (${quarantinePolicy === 'only' ? 'only' : 'never'} the quarantine policy)`;
}
