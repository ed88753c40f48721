import type { SessionLineage } from '../access/session-lineage.ts';
import { identityCenterUserSteps, permissionSetSteps } from '../cases/beyond/identity-center-steps.ts';
import { serviceLinkedSteps } from '../cases/beyond/service-steps.ts';
import { type Granted, NOTHING_TOUCHED, type Touched } from '../cases/case.ts';
import type { Residual, Shortfall, Unavailable } from '../cases/outcome.ts';
import { isPrincipal, type PersonSubject, type Subject } from '../cases/subject.ts';
import { personResidual } from '../identity-center/person-residual.ts';
import type { PersonScope } from '../identity-center/reach.ts';
import { type ActionId, type PlanContext, STAGES, type Step } from './action.ts';
import { consoleOf } from './actions/reset-console.ts';
import { secretsLeft } from './actions/rotate-secret.ts';
import { isSessionName } from './documents.ts';
import { lineageResidual, unreadLineage } from './lineage-residual.ts';
import { residualOfMfa } from './mfa-residual.ts';
import { deniesEverything, withHold } from './playbooks.ts';
import { judgePrivilege } from './privileged.ts';
import { readOn } from './read-on.ts';
import type { ContainableSubject } from './read-subject.ts';
import { chosenActions, hasPart, onlyReverts } from './registry.ts';
import { residualOf } from './residual.ts';
import type { ResourceRef } from './resource.ts';
import { whyGone } from './same-principal.ts';
import { readSecrets } from './secret.ts';
import type { PolicyDocuments, PresentSnapshot, Read, RoleSnapshot, Snapshot } from './snapshot.ts';
import { residualOfTargets } from './targeted-residual.ts';
import { blockTrustDeny, denies } from './trust.ts';
import { workloadOf, workloadResidual } from './workload.ts';

export type PlanInput = {
  readonly subject: Subject;
  readonly actions: readonly ActionId[];
  readonly snapshot: Snapshot;
  /** Of the attached managed policies. Without them nothing is planned to be detached. */
  readonly documents?: PolicyDocuments;
  readonly quarantinePolicyArn: string;
  /** The organisation's guard stands over the subject's account; not unless told. */
  readonly guarded?: boolean;
  /** ISO 8601 in whole seconds, or CUT_OFF_AT_CONTAINMENT in a plan that is kept. */
  readonly cutOff: string;
  /** How often the case gave access back before; none unless told. */
  readonly releases?: number;
  /** What the detected calls of the case changed: what `revert` undoes. */
  readonly granted?: readonly Granted[];
  /** What they touched: what `revoke-access` takes the access to. */
  readonly touched?: Touched;
  /** What stands in the ledger and was not given back; absent where a plan is made and not carried out. */
  readonly begun?: NonNullable<PlanContext['begun']>;
  /** Where the subject's sessions came from and what they handed out; unknown unless told. */
  readonly lineage?: SessionLineage;
};

export type NotContainable = {
  readonly kind: 'not-containable';
  readonly why: string;
  readonly humanSteps: readonly string[];
};

export type ContainmentPlan =
  | {
      readonly kind: 'plan';
      /** In the order in which they are made: deny, credentials, detach. */
      readonly steps: readonly Step[];
      readonly residual: readonly Residual[];
      readonly unavailable: readonly Unavailable[];
      /** What could not be planned because it could not be read. */
      readonly shortfalls: readonly Shortfall[];
      /** Services whose work runs with the role and would stop. */
      readonly workload?: readonly string[];
      /** What no record tells of what would be undone: where nobody is denied anything, a person is asked first. */
      readonly doubts?: readonly string[];
    }
  | { readonly kind: 'gone'; readonly detail: string }
  | NotContainable;

/** The exact calls that take the subject's access back. Pure: the same snapshot gives the same plan. */
export function planContainment(input: PlanInput): ContainmentPlan {
  const { subject, snapshot } = input;
  const obstacle = whyNotContainable(subject);
  if (obstacle !== undefined) return obstacle;
  if (subject.kind === 'beyond') return { kind: 'not-containable', why: subject.why, humanSteps: subject.humanSteps };
  if (subject.kind === 'person' && snapshot.kind === 'absent') return nobodyThere(subject);
  const gone = whyGone(subject, snapshot);
  if (snapshot.kind === 'absent' || gone !== undefined) return { kind: 'gone', detail: gone ?? 'It no longer exists.' };
  const reserved = snapshot.kind === 'role' ? whyReserved(snapshot) : undefined;
  if (reserved !== undefined) return reserved;

  const reach = snapshot.kind === 'resource' ? snapshot.reach : undefined;
  if (reach?.inScope.length === 0 && input.actions.length > 0) return reachesNothing(reach);
  const chosen = chosenActions(input.guarded === true ? withHold(input.actions) : input.actions);
  const steps = chosen.flatMap((action) => action.plan(snapshot, input));
  const doubts = onlyReverts(input.actions) ? chosen.flatMap((action) => action.doubts?.(snapshot, input) ?? []) : [];
  const left = chosen.flatMap((action) => action.shortfalls?.(snapshot, input) ?? []);
  if (steps.length === 0 && left.length === 0 && onlyReverts(input.actions)) return NOTHING_TO_REVERT;
  const { touched = NOTHING_TOUCHED } = input;
  // A plan without actions only tells: there is nothing that it could not do.
  const onlyDenies = input.actions.length > 0 && input.actions.every(isOfTargets);
  if (steps.length === 0 && onlyDenies) {
    return nothingToDeny(touched);
  }
  const found = gaps(input, snapshot);
  const denies = hasPart('contain', input.actions) && snapshot.kind === 'role';
  const services = denies ? workloadOf(subject, snapshot.trust) : [];
  return {
    kind: 'plan',
    steps: STAGES.flatMap((stage) => steps.filter((step) => step.stage === stage)),
    residual: [
      ...(reach === undefined ? [] : personResidual(reach)),
      ...(isPrincipal(subject) && deniesEverything(input.actions)
        ? [
            ...workloadResidual(subject, services),
            ...lineageResidual(subject, snapshot.kind === 'role' ? snapshot.trust : undefined, input.lineage),
            ...residualOf(subject, {
              isTrustBlocked: isTrustBlocked(subject, steps, snapshot),
              isConsoleReset: steps.some(({ actionId }) => actionId === 'reset-console'),
            }),
          ]
        : []),
      ...(input.actions.includes('deny-resource')
        ? residualOfTargets(touched.resources, knownValues(input, snapshot))
        : []),
      ...(input.actions.includes('require-mfa') ? residualOfMfa(input.actions) : []),
    ],
    ...found,
    shortfalls: [...found.shortfalls, ...left, ...unreadLineage(input.lineage), ...unreadReach(reach)],
    ...(services.length === 0 ? {} : { workload: services }),
    ...(doubts.length === 0 ? {} : { doubts }),
  };
}

function isTrustBlocked(subject: Subject, steps: readonly Step[], snapshot: PresentSnapshot): boolean {
  const planned = steps.some(({ actionId }) => actionId === 'block-trust');
  return planned || (snapshot.kind === 'role' && denies(snapshot.trust, blockTrustDeny(subject)));
}

function isOfTargets(action: ActionId): boolean {
  return action === 'deny-resource' || action === 'rotate-secret';
}

/** Of the secrets that were read, those whose value a person must change. */
function knownValues({ actions, touched = NOTHING_TOUCHED }: PlanInput, snapshot: PresentSnapshot): readonly string[] {
  return actions.includes('rotate-secret')
    ? secretsLeft(snapshot, { touched }).map(({ arn }) => arn)
    : touched.resources.flatMap(({ arn, wasRead }) => (wasRead === true ? [arn] : []));
}

/** The things beyond IAM that the plan's snapshot must hold beside its principal. */
export function thingsOf(
  actions: readonly ActionId[],
  touched: Touched = NOTHING_TOUCHED,
  subject?: Subject,
): readonly ResourceRef[] {
  return [
    ...(actions.includes('rotate-secret') ? readSecrets(touched) : []),
    ...(actions.includes('reset-console') && subject?.kind === 'user' ? [consoleOf(subject)] : []),
  ];
}

/** Names of the inline policies that the plan's snapshot must hold. */
export function inlineNamesOf(
  subject: ContainableSubject,
  actions: readonly ActionId[],
  releases = 0,
  granted: readonly Granted[] = [],
  touched: Touched = NOTHING_TOUCHED,
): readonly string[] {
  return [
    ...new Set(chosenActions(actions).flatMap((action) => action.inlineNames(subject, releases, granted, touched))),
  ];
}

const NOTHING_TO_REVERT: NotContainable = {
  kind: 'not-containable',
  why: 'None of the detected calls changed anything of it that Rescind knows how to undo.',
  humanSteps: ['Look at the records of the case, and undo by hand what they changed.'],
};

/** Whoever was deleted there may have sessions still, and in no list that says which sets they are of. */
function nobodyThere({ userId, label }: PersonSubject): NotContainable {
  return {
    kind: 'not-containable',
    why: `Identity Center knows nobody as ${label} any more, so it is not known what they reach.`,
    humanSteps: identityCenterUserSteps(userId),
  };
}

function reachesNothing(reach: PersonScope): NotContainable {
  return {
    kind: 'not-containable',
    why: `${reach.userId} has no permission set that Rescind may change in an account in which it is to act.`,
    humanSteps: personResidual(reach).map(({ what, humanStep }) => `${what}: ${humanStep}`),
  };
}

function unreadReach(reach: PersonScope | undefined): readonly Shortfall[] {
  return reach?.more === true ? [{ item: 'permission sets', reason: 'there are more than were read' }] : [];
}

function nothingToDeny({ resources }: Touched): NotContainable {
  const named = resources.slice(0, 3).map(({ arn }) => arn);
  return {
    kind: 'not-containable',
    why:
      named.length === 0
        ? 'The records of the case name no resource to which access could be taken.'
        : `Rescind has no deny for what was touched: ${named.join(', ')}.`,
    humanSteps: [
      'Look at the records of the case, and deny by hand what was touched; or take back everything: npx rescind contain PRINCIPAL',
    ],
  };
}

function whyNotContainable(subject: Subject): NotContainable | undefined {
  if (subject.kind !== 'session' || isSessionName(subject.sessionName)) return undefined;
  return {
    kind: 'not-containable',
    why: 'The session name holds characters that AWS does not allow in one, so no policy is written from it.',
    humanSteps: [
      `Look at the record, then end its sessions in the console under IAM / Roles / ${subject.roleName} / Revoke sessions.`,
    ],
  };
}

/** Roles that AWS keeps for itself: IAM refuses to change them. */
function whyReserved({ roleName, path, arn }: RoleSnapshot): NotContainable | undefined {
  if (path.startsWith('/aws-service-role/')) {
    return {
      kind: 'not-containable',
      why: `${roleName} is a service-linked role: nobody can change its policies.`,
      humanSteps: serviceLinkedSteps(roleName, arn),
    };
  }
  if (path.startsWith('/aws-reserved/')) {
    return {
      kind: 'not-containable',
      why: `${roleName} belongs to a permission set of IAM Identity Center: it can be changed only from there.`,
      humanSteps: permissionSetSteps(roleName, arn.split(':')[4] ?? '', { all: true }),
    };
  }
  return undefined;
}

function gaps(
  { actions, documents, quarantinePolicyArn }: PlanInput,
  snapshot: PresentSnapshot,
): { readonly unavailable: readonly Unavailable[]; readonly shortfalls: readonly Shortfall[] } {
  // Why nothing is done about a thing that could not be read is told by the action that would change it.
  if (snapshot.kind === 'resource') {
    return { unavailable: unavailableIn(snapshot.resources.map(({ state }) => state)), shortfalls: [] };
  }
  const reads: { readonly item: string; readonly read: Read<unknown> }[] = [];
  if (actions.includes('quarantine') || actions.includes('detach-policies')) {
    reads.push({ item: 'attached policies', read: snapshot.attached });
  }
  for (const { name, document } of snapshot.inline) reads.push({ item: `inline policy ${name}`, read: document });
  if (snapshot.kind === 'user' && actions.includes('deactivate-keys')) {
    reads.push({ item: 'access keys', read: snapshot.accessKeys });
  }
  if (snapshot.kind === 'user' && actions.includes('deactivate-other-credentials')) {
    reads.push(
      { item: 'service-specific credentials', read: snapshot.serviceCredentials },
      { item: 'SSH keys', read: snapshot.sshKeys },
      { item: 'signing certificates', read: snapshot.certificates },
    );
  }
  if (snapshot.kind === 'user' && actions.includes('reset-console')) {
    reads.push({ item: 'console password', read: readOn(snapshot, snapshot, 'login-profile') ?? NOT_READ });
  }
  const judged: PolicyDocuments = (actions.includes('detach-policies') ? documents : undefined) ?? new Map();
  for (const [arn, read] of judged) if (arn !== quarantinePolicyArn) reads.push({ item: `policy ${arn}`, read });
  return {
    unavailable: unavailableIn(reads.map(({ read }) => read)),
    shortfalls: [...reads.flatMap(failedRead), ...unjudged(judged)],
  };
}

/** By a function, which may not set it: a case in a deployed stack does not ask for it. */
const NOT_READ: Read<unknown> = { kind: 'failed', operation: 'GetLoginProfile', error: 'it is read by a caller only' };

function unavailableIn(reads: readonly Read<unknown>[]): readonly Unavailable[] {
  return reads.flatMap((read) =>
    read.kind === 'unavailable' ? [{ operation: read.operation, reason: read.reason }] : [],
  );
}

function failedRead({ item, read }: { readonly item: string; readonly read: Read<unknown> }): readonly Shortfall[] {
  return read.kind === 'failed' ? [{ item, reason: `${read.operation} failed: ${read.error}` }] : [];
}

function unjudged(documents: PolicyDocuments): readonly Shortfall[] {
  return [...documents].flatMap(([arn, read]) => {
    if (read.kind !== 'read' || read.value === undefined) return [];
    const privilege = judgePrivilege(read.value);
    return privilege.kind === 'unreadable' ? [{ item: `policy ${arn}`, reason: privilege.why }] : [];
  });
}
