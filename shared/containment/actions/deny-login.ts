import { type FederatedLogin, isDeniable } from '../../access/federated-login.ts';
import type { Shortfall } from '../../cases/outcome.ts';
import type { Action, Step } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { principalName } from '../principal-calls.ts';
import { federatedProviders } from '../read-trust.ts';
import type { RoleSnapshot } from '../snapshot.ts';
import { appendDeny, denies, loginDeny } from '../trust.ts';

/**
 * Ending the session of somebody who logged in at an identity provider does not keep them from logging in again: one
 * statement that denies that login, and nobody else's, is appended to the role's trust policy. Others of the provider go
 * on, and so does the role.
 */
export const denyLogin: Action = {
  id: 'deny-login',
  title: 'Keep one login of an identity provider from opening sessions of the role again',
  stage: 'credentials',
  requires: [
    { phase: 'apply', actions: ['iam:UpdateAssumeRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:UpdateAssumeRolePolicy'], on: 'role' },
  ],
  inlineNames: () => [],
  plan: (snapshot, { subject, lineage }) =>
    snapshot.kind === 'role' ? denyEach(snapshot, subject.key, lineage?.logins ?? []).steps : [],
  shortfalls: (snapshot, { subject, lineage }) =>
    snapshot.kind === 'role' ? denyEach(snapshot, subject.key, lineage?.logins ?? []).shortfalls : [],
  state: changeState,
  undo: undoChange,
};

/** Each statement is a change of its own, made from what the one before it leaves: so each can be told and taken out alone. */
function denyEach(
  snapshot: RoleSnapshot,
  subjectKey: string,
  logins: readonly FederatedLogin[],
): { readonly steps: readonly Step[]; readonly shortfalls: readonly Shortfall[] } {
  const { roleName, trust: found } = snapshot;
  const admitted = new Set(federatedProviders(found));
  const steps: Step[] = [];
  const shortfalls: Shortfall[] = [];
  let trust = found;
  for (const login of logins.filter(({ provider }) => admitted.has(provider))) {
    const { sub, provider, claims } = login;
    const deny = loginDeny(subjectKey, claims);
    if (denies(trust, deny)) continue;
    const edit = isDeniable(login)
      ? appendDeny(trust, deny)
      : ({ kind: 'not-editable', why: 'its name holds what no policy is written from' } as const);
    if (edit.kind === 'not-editable') {
      const reason = `left as it is, so ${sub} of ${provider} can log in again: ${edit.why}`;
      shortfalls.push({ item: `trust policy of ${principalName(snapshot)}`, reason });
      continue;
    }
    steps.push({
      key: policyNameOf(`deny-login#${principalName(snapshot)}#`, deny.Sid + trust),
      actionId: 'deny-login',
      target: `trust policy of ${principalName(snapshot)}, for one login`,
      title: `append a deny for ${sub} of ${provider} to the trust policy of ${roleName}`,
      call: {
        service: 'iam',
        operation: 'UpdateAssumeRolePolicy',
        input: { RoleName: roleName, PolicyDocument: edit.document },
      },
      prior: { document: trust },
      fallbacks: [],
      stage: 'credentials',
    });
    trust = edit.document;
  }
  return { steps, shortfalls };
}
