import type { Granted } from '../cases/case.ts';
import type { PrincipalSubject } from '../cases/subject.ts';
import type { IamReads } from '../ports/iam.ts';
import type { ActionId, Step } from './action.ts';
import { judgePrivilege } from './privileged.ts';
import { documentHash } from './same-document.ts';
import type { Read } from './snapshot.ts';

/**
 * They end sessions or tokens, and whoever they are about signs in again: the account can be administered all the while.
 * What a detected call gave, the account did not rely on before that call.
 */
const LEAVES_ADMINISTRATION: ReadonlySet<ActionId> = new Set([
  'revoke-session',
  'revoke-sessions',
  'lock-session',
  'cut-off-tokens',
  'deny-resource',
  'require-mfa',
  'rotate-secret',
  'tag-held',
  'revert-attachment',
  'revert-access-key',
  'revert-inline-policy',
  'revert-trust',
  'revert-trail',
  'revert-ingress',
  'revert-access-block',
]);

/** Without a step there is no login that they deny, and no circle of roles that they open: they keep nobody out. */
const BY_ITS_STEPS: ReadonlySet<ActionId> = new Set(['deny-login', 'deny-chaining']);

/** Whether a plan with these actions would keep an administrator from administering, as far as is known before it is made. */
export function endsAdministration(actions: readonly ActionId[]): boolean {
  return actions.some((action) => !LEAVES_ADMINISTRATION.has(action));
}

/** The same of a plan that was made. */
export function planEndsAdministration(actions: readonly ActionId[], steps: readonly Step[]): boolean {
  return endsAdministration(
    actions.filter(
      (action) => !BY_ITS_STEPS.has(action) || steps.some((step) => step.actionId === action && !isOfOneSession(step)),
    ),
  );
}

/** Its others go on, and whoever opens one anew has all of the role. */
function isOfOneSession({ actionId, call }: Step): boolean {
  return actionId === 'deny-chaining' && String(call.input.PolicyDocument).includes('"aws:userid"');
}

/**
 * Why the subject counts as an administrator, if it does: by its own policies and those of its groups. On the side of
 * yes where something could not be read. `granted` is what the detections of the case gave to it, attached or inline: an
 * attacker who makes himself an administrator does not become the one on whom the account relies.
 */
export async function whyAdministrator(
  iam: IamReads,
  subject: PrincipalSubject,
  granted: readonly Granted[],
): Promise<string | undefined> {
  const name = subject.kind === 'user' ? subject.userName : subject.roleName;
  const kind = subject.kind === 'user' ? 'user' : 'role';
  const [attached, inline, groups] = await Promise.all([
    kind === 'user' ? iam.attachedUserPolicies(name) : iam.attachedRolePolicies(name),
    iam.inlineDocuments(kind, name),
    kind === 'user' ? iam.groupsOfUser(name) : ({ kind: 'read', value: [] } as const),
  ]);
  const ofGroups =
    groups.kind !== 'read'
      ? []
      : await Promise.all(
          groups.value.map(async (group) => ({
            attached: await iam.attachedGroupPolicies(group),
            inline: await iam.inlineDocuments('group', group),
          })),
        );
  const lists: readonly Read<unknown>[] = [
    attached,
    inline,
    groups,
    ...ofGroups.flatMap((one) => [one.attached, one.inline]),
  ];
  const own = known(attached).filter(
    ({ arn }) => !granted.some((grant) => grant.kind === 'policy-attached' && grant.policyArn === arn),
  );
  const ownInline = known(inline).filter((text) => !wasPut(text, granted));
  const arns = [...new Set([...own, ...ofGroups.flatMap((one) => known(one.attached))].map(({ arn }) => arn))];
  const managed = await Promise.all(
    arns.map(async (arn) => ({ what: `policy ${arn}`, read: await iam.managedPolicy(arn) })),
  );
  const documents = [
    ...[...ownInline, ...ofGroups.flatMap((one) => known(one.inline))].map((text) => ({
      what: 'an inline policy',
      text,
    })),
    ...managed.flatMap(({ what, read }) =>
      read.kind === 'read' && read.value !== undefined ? [{ what, text: read.value }] : [],
    ),
  ];
  for (const { what, text } of documents) {
    const privilege = judgePrivilege(text);
    if (privilege.kind === 'privileged') return `${what} ${privilege.because}`;
    if (privilege.kind === 'unreadable') return `${what} cannot be judged: ${privilege.why}`;
  }
  const failed = [...lists, ...managed.map(({ read }) => read)].find((read) => read.kind === 'failed');
  return failed?.kind === 'failed' ? `${failed.operation} failed: ${failed.error}` : undefined;
}

/** Whether a detected call wrote an inline policy as it stands; of one that was changed since, nobody knows. */
function wasPut(text: string, granted: readonly Granted[]): boolean {
  const hash = documentHash(text);
  return hash !== undefined && granted.some((one) => one.kind === 'inline-policy-put' && one.documentHash === hash);
}

function known<T>(read: Read<readonly T[]>): readonly T[] {
  return read.kind === 'read' ? read.value : [];
}
