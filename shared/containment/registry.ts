import { type Action, type ActionId, isMadeBy, type Part, type Stage } from './action.ts';
import { blockTrust } from './actions/block-trust.ts';
import { cutOffTokens } from './actions/cut-off-tokens.ts';
import { deactivateKeys } from './actions/deactivate-keys.ts';
import { deactivateOtherCredentials } from './actions/deactivate-other-credentials.ts';
import { denyChaining } from './actions/deny-chaining.ts';
import { denyLogin } from './actions/deny-login.ts';
import { denyPermissionSets } from './actions/deny-permission-sets.ts';
import { denyResource } from './actions/deny-resource.ts';
import { detachPolicies } from './actions/detach-policies.ts';
import { endPersonSessions } from './actions/end-person-sessions.ts';
import { lockSession } from './actions/lock-session.ts';
import { quarantine } from './actions/quarantine.ts';
import { requireMfa } from './actions/require-mfa.ts';
import { requireMfaToAssume } from './actions/require-mfa-to-assume.ts';
import { resetConsole } from './actions/reset-console.ts';
import { revertAccessBlock } from './actions/revert-access-block.ts';
import { revertAccessKey } from './actions/revert-access-key.ts';
import { revertAttachment } from './actions/revert-attachment.ts';
import { revertIngress } from './actions/revert-ingress.ts';
import { revertInlinePolicy } from './actions/revert-inline-policy.ts';
import { revertTrail } from './actions/revert-trail.ts';
import { revertTrust } from './actions/revert-trust.ts';
import { revokeSession } from './actions/revoke-session.ts';
import { revokeSessions } from './actions/revoke-sessions.ts';
import { rotateSecret } from './actions/rotate-secret.ts';
import { tagHeld } from './actions/tag-held.ts';

/** Every action, in the order in which a plan lists its steps within a stage. */
export const ACTIONS = {
  quarantine,
  'lock-session': lockSession,
  'revoke-session': revokeSession,
  'revoke-sessions': revokeSessions,
  'deny-resource': denyResource,
  'require-mfa': requireMfa,
  'cut-off-tokens': cutOffTokens,
  'tag-held': tagHeld,
  'block-trust': blockTrust,
  'require-mfa-to-assume': requireMfaToAssume,
  'deny-login': denyLogin,
  'deny-chaining': denyChaining,
  'deactivate-keys': deactivateKeys,
  'deactivate-other-credentials': deactivateOtherCredentials,
  'reset-console': resetConsole,
  'rotate-secret': rotateSecret,
  'revert-attachment': revertAttachment,
  'revert-access-key': revertAccessKey,
  'revert-inline-policy': revertInlinePolicy,
  'revert-trust': revertTrust,
  'revert-trail': revertTrail,
  'revert-ingress': revertIngress,
  'revert-access-block': revertAccessBlock,
  'deny-permission-sets': denyPermissionSets,
  'end-person-sessions': endPersonSessions,
  'detach-policies': detachPolicies,
} as const satisfies Readonly<Record<ActionId, Action>>;
const IN_ORDER: readonly Action[] = Object.values<Action>(ACTIONS);
const BY_ID: ReadonlyMap<string, Action> = new Map(IN_ORDER.map((action) => [action.id, action]));

/** The chosen actions in the registry's order, each once. */
export function chosenActions(ids: readonly ActionId[]): readonly Action[] {
  return IN_ORDER.filter(({ id }) => ids.includes(id));
}

/** Whether some of the actions are carried out by contain, or by revert. */
export function hasPart(part: Part, ids: readonly ActionId[]): boolean {
  return someAction(ids, (action) => isMadeBy(part, action));
}

export function hasStage(stage: Stage, ids: readonly ActionId[]): boolean {
  return someAction(ids, (action) => action.stage === stage);
}

/** Whether all that they do is to undo what a detected call changed: nobody is denied anything. */
export function onlyReverts(ids: readonly ActionId[]): boolean {
  return ids.length > 0 && !someAction(ids, ({ stage }) => stage !== 'revert');
}

/** An id that a case has from another version of the code is no action. */
function someAction(ids: readonly ActionId[], is: (action: Action) => boolean): boolean {
  return ids.some((id) => {
    const action = BY_ID.get(id);
    return action !== undefined && is(action);
  });
}

/** By the id in a ledger entry, which comes from a table and may be of another version of the code. */
export function actionOf(id: string): Action {
  const action = BY_ID.get(id);
  if (action === undefined) throw new TypeError(`No action ${id} in this version`);
  return action;
}
