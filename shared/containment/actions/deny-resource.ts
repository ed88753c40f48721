import { NOTHING_TOUCHED, type Touched } from '../../cases/case.ts';
import { type Subject, subjectLabel } from '../../cases/subject.ts';
import type { Action } from '../action.ts';
import { changeState, undoChange } from '../change.ts';
import { DENY_RESOURCE_POLICY_PREFIX, denyResourcesDocument, denyServicesDocument } from '../documents.ts';
import { policyNameOf } from '../policy-name-of.ts';
import { putInline } from '../principal-calls.ts';
import { resourceDeny, shortNameOf } from '../resource-deny.ts';

/**
 * Takes the access to what was touched and to nothing else, in one policy. A case that learns of another resource writes a
 * policy of all of them beside the first, for a document that stands is never rewritten.
 */
export const denyResource: Action = {
  id: 'deny-resource',
  title: 'Deny the resources that were touched',
  stage: 'deny',
  requires: [
    { phase: 'apply', actions: ['iam:PutUserPolicy'], on: 'user' },
    { phase: 'apply', actions: ['iam:PutRolePolicy'], on: 'role' },
    { phase: 'undo', actions: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'], on: 'user' },
    { phase: 'undo', actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: 'role' },
  ],
  inlineNames: (subject, _releases, _granted, touched) => policiesFor(subject, touched).map(({ name }) => name),
  plan: (snapshot, { subject, touched = NOTHING_TOUCHED }) => {
    const [first, ...fallbacks] = policiesFor(subject, touched);
    if (first === undefined || snapshot.kind === 'resource') return [];
    const who = subjectLabel(subject);
    const what = namesIn(touched);
    const wider = fallbacks.length > 0 ? ', or all of their services where that does not fit' : '';
    const services = first.whole ? '' : ', by all of their services, for it does not fit otherwise';
    return [
      {
        key: `deny-resource#${first.name}`,
        actionId: 'deny-resource',
        target: `${what} for ${who}`,
        title: `deny ${what} to ${who}${services}${wider}`,
        ...putInline(snapshot, first.name, first.document),
        fallbacks: fallbacks.map(({ name, document }) => putInline(snapshot, name, document)),
        stage: 'deny',
      },
    ];
  },
  shortfalls: (_snapshot, { touched = NOTHING_TOUCHED, actions = [] }) => [
    ...touched.resources
      .filter(({ arn }) => resourceDeny(arn) === undefined)
      .map(({ arn }) => ({ item: arn, reason: 'not denied: Rescind has no deny for a resource of this kind' })),
    ...(touched.leftOut > 0
      ? [{ item: `${touched.leftOut} more resources`, reason: 'not denied: a call named more than are kept of one' }]
      : []),
    ...touched.resources
      // What becomes of it, where a rotation is tried, is told there.
      .filter(({ wasRead }) => wasRead === true && !actions.includes('rotate-secret'))
      .map(({ arn }) => ({
        item: arn,
        reason: 'the value that was read is still valid: rotate the secret, and whatever else opens with it',
      })),
  ],
  state: changeState,
  undo: undoChange,
};

type OwnPolicy = {
  readonly name: string;
  readonly document: string /** Names each resource. */;
  readonly whole: boolean;
};

/**
 * The policy, and what is tried where IAM has no room for it. All inline policies of a user or role together have so many
 * characters (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html); how many others take, IAM says.
 */
function policiesFor(subject: Subject, { resources }: Touched): readonly OwnPolicy[] {
  const denies = resources.flatMap(({ arn }) => resourceDeny(arn) ?? []);
  if (denies.length === 0) return [];
  const userId = subject.kind === 'session' ? `${subject.roleId}:${subject.sessionName}` : undefined;
  const policy = (document: string, whole: boolean): OwnPolicy => ({
    name: policyNameOf(DENY_RESOURCE_POLICY_PREFIX, `${subject.key} ${document}`),
    document,
    whole,
  });
  const exact = policy(denyResourcesDocument(denies, userId), true);
  const wide = policy(denyServicesDocument(denies, userId), false);
  const room = subject.kind === 'user' ? 2_048 : 10_240;
  return exact.document.length > room
    ? [wide]
    : [exact, ...(wide.document.length < exact.document.length ? [wide] : [])];
}

const NAMES_SHOWN = 3;

function namesIn({ resources }: Touched): string {
  const names = resources.flatMap(({ arn }) => (resourceDeny(arn) === undefined ? [] : [shortNameOf(arn)]));
  const more = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
