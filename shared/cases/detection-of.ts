import type { AccessEvent } from '../access/access-event.ts';
import { federatedLogin } from '../access/federated-login.ts';
import { principalLabel } from '../access/principal.ts';
import type { Mode } from '../config/policy.ts';
import type { Answer } from '../config/response.ts';
import { ruleText } from '../containment/ingress.ts';
import { isTargeted } from '../containment/playbooks.ts';
import { assertNever } from '../json.ts';
import type { RuleHeader } from '../rules/rule.ts';
import type { Detection, Granted, Touched, TouchedResource } from './case.ts';
import { grantedBy } from './granted.ts';
import { LONGEST_TEXT, storable } from './storable.ts';
import { undoneBy } from './undone-by.ts';

/** What a case keeps of a record in which a rule held. */
export function detectionOf(event: AccessEvent, rule: RuleHeader, answer: Answer, detectedAt: string): Detection {
  const { playbook, mode, forSeconds } = answer;
  const { principal, sourceIp } = event;
  const accessKeyId = 'accessKeyId' in principal ? principal.accessKeyId : undefined;
  const login = federatedLogin(event);
  const undoing = undoneBy(event);
  return {
    ruleId: rule.id,
    ruleTitle: rule.title,
    ruleFile: rule.file,
    level: rule.level,
    eventId: eventIdOf(event),
    eventTime: event.eventTime,
    detectedAt,
    eventSource: storable(event.eventSource, LONGEST_TEXT),
    eventName: storable(event.eventName, LONGEST_TEXT),
    region: storable(event.region, LONGEST_TEXT),
    actor: storable(principalLabel(principal), LONGEST_TEXT),
    ...(sourceIp === undefined ? {} : { sourceIp: storable(sourceIp, LONGEST_TEXT) }),
    ...(accessKeyId === undefined ? {} : { accessKeyId: storable(accessKeyId, LONGEST_TEXT) }),
    ...(login === undefined ? {} : { login }),
    granted: grantedBy(event),
    ...(undoing === undefined ? {} : { undoneBy: undoing }),
    ...(event.errorCode === undefined ? {} : { failed: true as const }),
    playbook,
    mode,
    ...(forSeconds === undefined ? {} : { forSeconds }),
  };
}

/** CloudTrail's ids have 36 characters. With a rule's it makes a sort key, of which DynamoDB takes 1,024 bytes. */
export function eventIdOf({ eventId }: Pick<AccessEvent, 'eventId'>): string {
  return storable(eventId, 200);
}

/**
 * What a detection brings that a release must know of: the long-term key that was used, and grants. Keys of sessions are
 * left out, for they are new with each session and are never given back.
 */
export function broughtBy({
  accessKeyId,
  granted,
  touched,
}: Pick<Detection, 'accessKeyId' | 'granted' | 'touched'>): readonly string[] {
  return [
    ...(accessKeyId?.startsWith('AKIA') === true ? [`key ${accessKeyId}`] : []),
    ...granted.map((grant) => broughtByGrant(grant)),
    ...(touched?.resources ?? []).map(({ arn }) => `touched ${arn}`),
  ];
}

function broughtByGrant(grant: Granted): string {
  switch (grant.kind) {
    case 'access-key-created':
      return `key ${grant.accessKeyId}`;
    case 'policy-attached':
      return `policy ${grant.policyArn} ${grant.principal}`;
    case 'inline-policy-put':
      return `inline ${grant.policyName} ${grant.principal} ${grant.documentHash}`;
    case 'trust-opened':
      return `trust ${grant.principal} ${grant.accounts.join()}`;
    case 'trail-stopped':
      return `stopped ${grant.resource.arn}`;
    case 'ingress-opened':
      return `opened ${grant.resource.arn} ${grant.rules.map((rule) => `${rule.ruleId} ${ruleText(rule)}`).join()}`;
    case 'access-block-removed':
      return `unblocked ${grant.resource.arn} ${JSON.stringify(grant.left)}`;
    default:
      return assertNever(grant);
  }
}

/** Those whose answer is to undo what they are about, in the mode in force: another rule's mode is no leave to act. */
export function revertedBy(detections: readonly Detection[], inForce: Mode): readonly Detection[] {
  return detections.filter(
    ({ playbook, unfit, mode }) => playbook === 'revert' && unfit === undefined && mode === inForce,
  );
}

/** What the answer takes access to, by the detections whose mode is in force, each resource once and the first first. */
export function touchedIn(detections: readonly Detection[], inForce: Mode): Touched {
  const answered = detections.filter(
    ({ playbook, unfit, mode }) => isTargeted(playbook) && unfit === undefined && mode === inForce,
  );
  const found = new Map<string, TouchedResource>();
  for (const { touched } of answered) {
    for (const resource of touched?.resources ?? []) {
      if (resource.wasRead === true || !found.has(resource.arn)) found.set(resource.arn, resource);
    }
  }
  return {
    resources: [...found.values()],
    leftOut: answered.reduce((sum, { touched }) => sum + (touched?.leftOut ?? 0), 0),
  };
}

/** Everything that the detected calls changed, in their order, each once. */
export function grantedIn(detections: readonly Pick<Detection, 'granted'>[]): readonly Granted[] {
  return [
    ...new Map(detections.flatMap(({ granted }) => granted).map((grant) => [JSON.stringify(grant), grant])).values(),
  ];
}
