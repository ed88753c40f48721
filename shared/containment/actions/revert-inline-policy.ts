import type { Granted } from '../../cases/case.ts';
import { isGrantOn } from '../../cases/is-grant-on.ts';
import type { Action, PlanContext } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { OWN_POLICY_PREFIX } from '../documents.ts';
import { deleteInline, isNamed, principalName } from '../principal-calls.ts';
import { deniesAnything, judgePrivilege } from '../privileged.ts';
import { whyUnread } from '../read-on.ts';
import { documentHash } from '../same-document.ts';
import type { RoleSnapshot, UserSnapshot } from '../snapshot.ts';

type Put = Extract<Granted, { kind: 'inline-policy-put' }>;
type Judged =
  | { readonly kind: 'ours-to-delete'; readonly document: string }
  | { readonly kind: 'left'; readonly why: string };

/**
 * Deletes the inline policy that a detected call wrote, as long as it still says what that call wrote. What stood under
 * its name before is not in the record, so it can never be said that everything is as it was: a person looks.
 */
export const revertInlinePolicy: Action = {
  id: 'revert-inline-policy',
  title: 'Delete the inline policy that was just written',
  stage: 'revert',
  requires: [
    { phase: 'apply', actions: ['iam:DeleteUserPolicy'], on: 'user' },
    { phase: 'apply', actions: ['iam:DeleteRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:PutUserPolicy'], on: 'user' },
    { phase: 'undo', actions: ['iam:PutRolePolicy'], on: 'role' },
  ],
  inlineNames: (subject, _releases, granted) =>
    granted.flatMap((grant) =>
      grant.kind === 'inline-policy-put' && isGrantOn(subject, grant) ? [grant.policyName] : [],
    ),
  plan: (snapshot, context) => {
    if (snapshot.kind === 'resource') return [];
    return [...byName(snapshot, context)].flatMap(([name, puts]) => {
      const judged = judgeInline(snapshot, name, puts);
      if (judged.kind === 'left') return [];
      return [
        {
          key: `revert-inline-policy#${name}`,
          actionId: 'revert-inline-policy',
          target: `inline policy ${name}`,
          title: `delete inline policy ${name} of ${principalName(snapshot)}, which a detected call wrote`,
          ...deleteInline(snapshot, name, judged.document),
          fallbacks: [],
          stage: 'revert',
        },
      ];
    });
  },
  doubts: (snapshot, context) => {
    if (snapshot.kind === 'resource') return [];
    return [...byName(snapshot, context)].flatMap(([name, puts]) => {
      const judged = judgeInline(snapshot, name, puts);
      return judged.kind === 'left' || judgePrivilege(judged.document).kind === 'privileged'
        ? []
        : [`whether inline policy ${name} of ${principalName(snapshot)} said the same before the detected call`];
    });
  },
  shortfalls: (snapshot, context) => {
    if (snapshot.kind === 'resource') return [];
    return [...byName(snapshot, context)].map(([name, puts]) => {
      const judged = judgeInline(snapshot, name, puts);
      return {
        item: `inline policy ${name}`,
        reason:
          judged.kind === 'left'
            ? judged.why
            : 'what stood under this name before, if anything did, is not in the record: put it back by hand',
      };
    });
  },
  state: changeState,
  undo: undoChange,
};

function judgeInline({ inline }: UserSnapshot | RoleSnapshot, name: string, puts: readonly Put[]): Judged {
  const left = (why: string): Judged => ({ kind: 'left', why });
  // Somebody who overwrites a deny of ours must not have us take it off.
  if (name.toLowerCase().startsWith(OWN_POLICY_PREFIX))
    return left('left as it is: Rescind writes policies of such names');
  const read = inline.find((one) => one.name === name)?.document;
  if (read?.kind !== 'read') return left(whyUnread(read) ?? 'it was not read');
  if (read.value === undefined) {
    return left('it is not there: what stood under this name before, if anything did, is not in the record');
  }
  const hash = documentHash(read.value);
  if (!puts.some((put) => put.documentHash === hash)) {
    return left('left as it is: it no longer says what the detected call wrote');
  }
  return deniesAnything(read.value)
    ? left('left as it is: it also denies, and without it more might be allowed than now')
    : { kind: 'ours-to-delete', document: read.value };
}

function byName(
  snapshot: UserSnapshot | RoleSnapshot,
  { granted = [] }: PlanContext,
): ReadonlyMap<string, readonly Put[]> {
  const names = new Map<string, Put[]>();
  for (const grant of granted) {
    if (grant.kind !== 'inline-policy-put' || grant.to !== snapshot.kind || !isNamed(snapshot, grant.principal))
      continue;
    names.set(grant.policyName, [...(names.get(grant.policyName) ?? []), grant]);
  }
  return names;
}
