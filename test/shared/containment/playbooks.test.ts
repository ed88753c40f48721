import { expect, test } from 'vitest';
import { playbookActions, unknownPlaybook } from '../../../shared/containment/playbooks.ts';
import { createScene, roleSubject, sessionSubject, userSubject } from './scene.ts';

const { fake } = createScene();
const user = userSubject(fake.createUser('alice'));
const role = fake.createRole('builder');
const everyone = [user, roleSubject(role), sessionSubject(role, 'mallory')] as const;

test('alert does nothing to anybody', () => {
  expect(everyone.map((subject) => playbookActions('alert', subject))).toEqual([
    { kind: 'actions', actions: [] },
    { kind: 'actions', actions: [] },
    { kind: 'actions', actions: [] },
  ]);
});

test('contain: a user whole, a role by its sessions, a session alone', () => {
  expect(everyone.map((subject) => playbookActions('contain', subject))).toEqual([
    { kind: 'actions', actions: ['quarantine', 'deactivate-keys', 'deactivate-other-credentials', 'detach-policies'] },
    { kind: 'actions', actions: ['revoke-sessions', 'block-trust', 'deny-chaining'] },
    { kind: 'actions', actions: ['revoke-session', 'deny-login', 'deny-chaining'] },
  ]);
});

test('ending sessions fits who has some, and is refused for others instead of becoming something larger', () => {
  expect(everyone.map((subject) => playbookActions('revoke-session', subject).kind)).toEqual([
    'refused',
    'refused',
    'actions',
  ]);
  expect(everyone.map((subject) => playbookActions('revoke-sessions', subject).kind)).toEqual([
    'refused',
    'actions',
    'actions',
  ]);
});

test('lock denies everything to whom it is about, and touches no credential', () => {
  expect(everyone.map((subject) => playbookActions('lock', subject))).toEqual([
    { kind: 'actions', actions: ['quarantine', 'cut-off-tokens'] },
    { kind: 'actions', actions: ['quarantine', 'cut-off-tokens'] },
    { kind: 'actions', actions: ['lock-session', 'cut-off-tokens', 'deny-login'] },
  ]);
});

test('revert undoes what was changed on a user or a role, and a session is changed by no call', () => {
  expect(everyone.map((subject) => playbookActions('revert', subject))).toEqual([
    { kind: 'actions', actions: ['revert-attachment', 'revert-access-key', 'revert-inline-policy'] },
    { kind: 'actions', actions: ['revert-attachment', 'revert-inline-policy', 'revert-trust'] },
    { kind: 'refused', why: 'revert undoes a change, and a session of a role is not changed by any call' },
  ]);
});

test('requiring MFA ends the sessions of roles, and opens the next ones only with it', () => {
  expect(everyone.map((subject) => playbookActions('require-mfa', subject))).toEqual([
    { kind: 'actions', actions: ['require-mfa'] },
    { kind: 'actions', actions: ['revoke-sessions', 'require-mfa-to-assume'] },
    { kind: 'actions', actions: ['revoke-session', 'require-mfa-to-assume'] },
  ]);
});

test('a playbook that is not known is refused by name', () => {
  expect(unknownPlaybook('contian')).toBe(
    'unknown playbook "contian"; use one of alert, contain, lock, require-mfa, revert, revoke-access, revoke-session, revoke-sessions',
  );
});
