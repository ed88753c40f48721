import { leftToPerson } from '../../cases/beyond/resource-change-steps.ts';
import type { ResourceGrant } from '../../cases/case.ts';
import type { Shortfall } from '../../cases/outcome.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { Action, Change, PlanContext, Step, StepState, Undo } from '../action.ts';
import type { ResourceCall } from '../call.ts';
import { canonicalJson } from '../canonical-json.ts';
import { type IngressRule, ipPermission, ruleText, type StandingRule, sameRule } from '../ingress.ts';
import { grantsOn, readOn, whyUnread } from '../read-on.ts';
import { resourceLabel, resourceName } from '../resource.ts';
import type { LiveState, PresentSnapshot } from '../snapshot.ts';

type Opened = Extract<ResourceGrant, { kind: 'ingress-opened' }>;
type Judged =
  | { readonly kind: 'revoke'; readonly grant: Opened; readonly rule: IngressRule; readonly standing?: StandingRule }
  | { readonly kind: 'left'; readonly grant: Opened; readonly why: string };

/**
 * Takes exactly those rules out of a security group that a detected call let in. Asked for also where a rule is not seen: a
 * read may lag behind the call, and a rule that is not there cannot be taken out. A release then does not bring it either.
 */
export const revertIngress: Action = {
  id: 'revert-ingress',
  title: 'Take out of the security group what was just let in',
  stage: 'revert',
  requires: [
    { phase: 'apply', actions: ['ec2:RevokeSecurityGroupIngress'], on: 'security-group' },
    { phase: 'undo', actions: ['ec2:AuthorizeSecurityGroupIngress'], on: 'security-group' },
  ],
  inlineNames: () => [],
  plan: (snapshot, context) =>
    judged(snapshot, context).flatMap((one): readonly Step[] => {
      if (one.kind === 'left') return [];
      const { resource: on } = one.grant;
      const text = ruleText(one.rule);
      const input = { GroupId: resourceName(on), IpPermissions: [ipPermission(one.rule)] };
      return [
        {
          key: `revert-ingress#${resourceName(on)} ${text}`,
          actionId: 'revert-ingress',
          target: `${text} into ${resourceLabel(on)}`,
          title: `take ${text} out of ${resourceLabel(on)}, which a detected call let in`,
          call: { service: 'ec2', operation: 'RevokeSecurityGroupIngress', input, on },
          prior: { rule: one.standing === undefined ? null : asJson(one.standing) },
          fallbacks: [],
          stage: 'revert',
        },
      ];
    }),
  shortfalls: (snapshot, context) => [
    ...judged(snapshot, context).flatMap((one) => (one.kind === 'left' ? [leftToPerson(one.grant, one.why)] : [])),
    ...grantsOn(snapshot, context, 'ingress-opened').flatMap(tooMany),
  ],
  state: (change, live) => ingressState(change, live),
  undo: undoIngress,
};

/** One for each rule that the calls let in, or one for the group where it could not be read. */
function judged(snapshot: PresentSnapshot, context: PlanContext): readonly Judged[] {
  const grants = grantsOn(snapshot, context, 'ingress-opened');
  const [first] = grants;
  if (first === undefined) return [];
  const read = readOn(snapshot, first.resource, 'security-group');
  if (read?.kind !== 'read' || read.value === undefined) {
    return [{ kind: 'left', grant: first, why: whyUnread(read) ?? 'it was not read' }];
  }
  const { rules } = read.value;
  const opened = new Map<string, { readonly grant: Opened; readonly rules: readonly StandingRule[] }>();
  for (const grant of grants) {
    for (const rule of grant.rules) {
      const known = opened.get(ruleText(rule))?.rules ?? [];
      opened.set(ruleText(rule), { grant, rules: [...known, rule] });
    }
  }
  return [...opened.values()].map(({ grant, rules: same }): Judged => {
    const [rule] = same;
    if (rule === undefined) throw new TypeError('A rule was let in by no call');
    const standing = rules.find((one) => sameRule(one, rule));
    if (standing?.ruleId !== undefined && same.every(({ ruleId }) => ruleId !== undefined)) {
      const isTheirs = same.some(({ ruleId }) => ruleId === standing.ruleId);
      if (!isTheirs) {
        return { kind: 'left', grant, why: `${ruleText(rule)} was let in anew since, as ${standing.ruleId}` };
      }
    }
    return { kind: 'revoke', grant, rule, ...(standing === undefined ? {} : { standing }) };
  });
}

function tooMany(grant: Opened): readonly Shortfall[] {
  return grant.leftOut === 0 ? [] : [leftToPerson(grant, `${grant.leftOut} more rules of one call`)];
}

function ingressState({ call }: Change, live: LiveState): StepState {
  if (call.service === 'iam') return 'unknown';
  const standing = standingRule(call, live);
  if (standing === 'unread') return 'unknown';
  return standing === undefined ? 'holds' : 'undone';
}

function undoIngress({ call, prior }: Change, live: LiveState): Undo {
  if (call.service !== 'ec2') throw new TypeError(`${call.operation} takes nothing out of a security group`);
  const standing = standingRule(call, live);
  if (standing === 'unread') return { kind: 'unknown', detail: `${resourceLabel(call.on)} could not be read` };
  const before = priorRule(prior);
  if (before === undefined) {
    return standing === undefined
      ? { kind: 'already' }
      : { kind: 'conflict', detail: `${ruleText(standing)} was let in meanwhile` };
  }
  if (standing !== undefined) {
    return standing.description === before.description
      ? { kind: 'already' }
      : { kind: 'conflict', detail: `${ruleText(standing)} was let in meanwhile, with another description` };
  }
  const input: JsonObject = { GroupId: resourceName(call.on), IpPermissions: [ipPermission(before)] };
  return { kind: 'call', call: { ...call, operation: 'AuthorizeSecurityGroupIngress', input } };
}

/** The rule of the call as it stands now. */
function standingRule(call: ResourceCall, live: LiveState): StandingRule | 'unread' | undefined {
  const read = readOn(live, call.on, 'security-group');
  if (read?.kind !== 'read' || read.value === undefined) return 'unread';
  // A table keeps no order of members.
  const permission = canonicalJson(call.input.IpPermissions ?? null);
  return read.value.rules.find(
    ({ protocol, fromPort, toPort, source }) =>
      canonicalJson([ipPermission({ protocol, fromPort, toPort, source })]) === permission,
  );
}

function asJson({ protocol, fromPort, toPort, source, description }: StandingRule): JsonObject {
  return { protocol, fromPort, toPort, source, ...(description === undefined ? {} : { description }) };
}

/** The rule that a release gives back; `undefined`: none was seen. */
function priorRule(prior: Json): StandingRule | undefined {
  const rule = isJsonObject(prior) ? prior.rule : undefined;
  if (rule === null) return undefined;
  const { protocol, fromPort, toPort, source, description } = isJsonObject(rule) ? rule : {};
  if (typeof protocol !== 'string' || typeof source !== 'string') throw new TypeError('The prior value has no rule');
  if (typeof fromPort !== 'number' || typeof toPort !== 'number') throw new TypeError('The prior value has no ports');
  return { protocol, fromPort, toPort, source, ...(typeof description === 'string' ? { description } : {}) };
}
