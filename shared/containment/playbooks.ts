import type { Subject } from '../cases/subject.ts';
import { assertNever } from '../json.ts';
import type { ActionId } from './action.ts';

/** Playbooks that can be named in a rule or in `rescind.yaml` today. */
export const PLAYBOOKS = [
  'alert',
  'contain',
  'lock',
  'require-mfa',
  'revert',
  'revoke-access',
  'revoke-session',
  'revoke-sessions',
] as const;
export type Playbook = (typeof PLAYBOOKS)[number];

/** They end by themselves, so whoever names one says when. */
const TIMED: ReadonlySet<string> = new Set<Playbook>(['lock', 'revoke-access']);

export function isTimed(playbook: string): boolean {
  return TIMED.has(playbook);
}

/** Whether the playbook is about what the call touched, and not about all that its subject may do. */
export function isTargeted(playbook: string): boolean {
  return playbook === 'revoke-access';
}

export type PlaybookActions =
  | { readonly kind: 'actions'; readonly actions: readonly ActionId[] }
  /** No IAM change of ours reaches this subject: a human must act. */
  | { readonly kind: 'not-containable'; readonly why: string; readonly humanSteps: readonly string[] }
  /** The playbook does not fit the subject, or does not exist. */
  | { readonly kind: 'refused'; readonly why: string };

export function isPlaybook(name: string): name is Playbook {
  return PLAYBOOKS.some((known) => known === name);
}

/** What a playbook means for a subject. `alert` has no actions: it only tells. */
export function playbookActions(playbook: string, subject: Subject): PlaybookActions {
  if (!isPlaybook(playbook)) return { kind: 'refused', why: unknownPlaybook(playbook) };
  if (playbook === 'alert') return { kind: 'actions', actions: [] };
  if (subject.kind === 'beyond') {
    return { kind: 'not-containable', why: subject.why, humanSteps: subject.humanSteps };
  }
  if (subject.kind === 'resource') {
    return playbook === 'revert'
      ? { kind: 'actions', actions: REVERT.resource }
      : { kind: 'refused', why: `${playbook} takes access from somebody, and a resource has none` };
  }
  if (subject.kind === 'person') return personActions(playbook);
  switch (playbook) {
    case 'contain':
      return { kind: 'actions', actions: CONTAIN[subject.kind] };
    case 'lock':
      return { kind: 'actions', actions: LOCK[subject.kind] };
    case 'require-mfa':
      return { kind: 'actions', actions: REQUIRE_MFA[subject.kind] };
    case 'revert':
      return subject.kind === 'session'
        ? { kind: 'refused', why: 'revert undoes a change, and a session of a role is not changed by any call' }
        : { kind: 'actions', actions: REVERT[subject.kind] };
    case 'revoke-access':
      return { kind: 'actions', actions: REVOKE_ACCESS };
    case 'revoke-session':
      return subject.kind === 'session'
        ? { kind: 'actions', actions: REVOKE_SESSION }
        : { kind: 'refused', why: `revoke-session ends one session of a role; ${subject.kind} is no session` };
    case 'revoke-sessions':
      return subject.kind === 'user'
        ? { kind: 'refused', why: "revoke-sessions ends a role's sessions; use contain for a user" }
        : { kind: 'actions', actions: REVOKE_SESSIONS };
    default:
      return assertNever(playbook);
  }
}

/** In Identity Center a deny stands in permission sets, each of which takes its time to reach the accounts. */
function personActions(playbook: Exclude<Playbook, 'alert'>): PlaybookActions {
  switch (playbook) {
    case 'contain':
      return { kind: 'actions', actions: DENY_PERSON };
    case 'revoke-session':
    case 'revoke-sessions':
      return { kind: 'actions', actions: END_PERSON_SESSIONS };
    case 'lock':
    case 'require-mfa':
    case 'revert':
    case 'revoke-access':
      return {
        kind: 'refused',
        why: `${playbook} is not built for a user of IAM Identity Center: use contain or revoke-sessions`,
      };
    default:
      return assertNever(playbook);
  }
}

/** The subject itself, or one session of it, can do nothing more: not only where it was seen. */
const DENIES_EVERYTHING: ReadonlySet<ActionId> = new Set([
  'quarantine',
  'lock-session',
  'revoke-session',
  'revoke-sessions',
  'deny-permission-sets',
]);

export function deniesEverything(actions: readonly ActionId[]): boolean {
  return actions.some((action) => DENIES_EVERYTHING.has(action));
}

/** Denies of a user or a role as a whole. */
const HELD: ReadonlySet<ActionId> = new Set(['quarantine', 'revoke-sessions']);

/** Whoever is denied everything as a whole is tagged as held, where a guard minds the tag. */
export function withHold(actions: readonly ActionId[]): readonly ActionId[] {
  return actions.some((action) => HELD.has(action)) ? [...actions, 'tag-held'] : actions;
}

/** The playbooks that use an action, whatever their subject. */
export function playbooksOf(action: ActionId): readonly Playbook[] {
  return PLAYBOOKS.filter((playbook) => withHold(USED[playbook]).includes(action));
}

/** A single session is ended before all of them are: the others may be at work. */
const CONTAIN: Readonly<Record<'user' | 'role' | 'session', readonly ActionId[]>> = {
  user: ['quarantine', 'deactivate-keys', 'deactivate-other-credentials', 'detach-policies'],
  role: ['revoke-sessions', 'block-trust', 'deny-chaining'],
  session: ['revoke-session', 'deny-login', 'deny-chaining'],
};

/**
 * No credential is touched, so that its end leaves nothing to mend. The deny ends with the lock; tokens that were issued
 * before it stay cut off until the last of them has expired, or the end of a short lock would revive them.
 */
const LOCK: Readonly<Record<'user' | 'role' | 'session', readonly ActionId[]>> = {
  user: ['quarantine', 'cut-off-tokens'],
  role: ['quarantine', 'cut-off-tokens'],
  session: ['lock-session', 'cut-off-tokens', 'deny-login'],
};

/** Whatever the detected calls changed on it: an action of these that finds nothing of its kind in them does nothing. */
const REVERT: Readonly<Record<'user' | 'role' | 'resource', readonly ActionId[]>> = {
  user: ['revert-attachment', 'revert-access-key', 'revert-inline-policy'],
  role: ['revert-attachment', 'revert-inline-policy', 'revert-trust'],
  resource: ['revert-trail', 'revert-ingress', 'revert-access-block'],
};

/** Whoever opened a session opens the next one with MFA. What a user has without it ends at once, whenever it began. */
const REQUIRE_MFA: Readonly<Record<'user' | 'role' | 'session', readonly ActionId[]>> = {
  user: ['require-mfa'],
  role: ['revoke-sessions', 'require-mfa-to-assume'],
  session: ['revoke-session', 'require-mfa-to-assume'],
};

const DENY_PERSON: readonly ActionId[] = ['deny-permission-sets'];
const END_PERSON_SESSIONS: readonly ActionId[] = ['end-person-sessions'];
const REVOKE_ACCESS: readonly ActionId[] = ['deny-resource', 'rotate-secret'];
const REVOKE_SESSION: readonly ActionId[] = ['revoke-session', 'deny-chaining'];
const REVOKE_SESSIONS: readonly ActionId[] = ['revoke-sessions', 'deny-chaining'];

const USED: Readonly<Record<Playbook, readonly ActionId[]>> = {
  alert: [],
  contain: [...Object.values(CONTAIN).flat(), ...DENY_PERSON],
  lock: Object.values(LOCK).flat(),
  'require-mfa': Object.values(REQUIRE_MFA).flat(),
  revert: Object.values(REVERT).flat(),
  'revoke-access': REVOKE_ACCESS,
  'revoke-session': [...REVOKE_SESSION, ...END_PERSON_SESSIONS],
  'revoke-sessions': [...REVOKE_SESSIONS, ...END_PERSON_SESSIONS],
};

export function unknownPlaybook(name: string): string {
  return `unknown playbook ${JSON.stringify(name)}; use one of ${PLAYBOOKS.join(', ')}`;
}
