import type { AccessEvent } from '../access/access-event.ts';
import { principalLabel } from '../access/principal.ts';
import type { Mode } from '../config/policy.ts';
import type { Answer } from '../config/response.ts';
import { documentHash } from '../containment/same-document.ts';
import { assertNever, isJsonObject } from '../json.ts';
import type { RuleHeader } from '../rules/rule.ts';
import type { Detection, Granted } from './case.ts';
import { storable } from './storable.ts';

/** What a case keeps of a record in which a rule held. */
export function detectionOf(event: AccessEvent, rule: RuleHeader, answer: Answer, detectedAt: string): Detection {
  const { playbook, mode, forSeconds } = answer;
  const { principal, sourceIp } = event;
  const accessKeyId = 'accessKeyId' in principal ? principal.accessKeyId : undefined;
  return {
    ruleId: rule.id,
    ruleTitle: rule.title,
    ruleFile: rule.file,
    level: rule.level,
    eventId: eventIdOf(event),
    eventTime: event.eventTime,
    detectedAt,
    eventSource: storable(event.eventSource, LONGEST),
    eventName: storable(event.eventName, LONGEST),
    region: storable(event.region, LONGEST),
    actor: storable(principalLabel(principal), LONGEST),
    ...(sourceIp === undefined ? {} : { sourceIp: storable(sourceIp, LONGEST) }),
    ...(accessKeyId === undefined ? {} : { accessKeyId: storable(accessKeyId, LONGEST) }),
    granted: grantedBy(event),
    playbook,
    mode,
    ...(forSeconds === undefined ? {} : { forSeconds }),
  };
}

/** The longest ARN has so many characters; a request may say anything. */
const LONGEST = 2_048;

/** CloudTrail's ids have 36 characters. With a rule's it makes a sort key, of which DynamoDB takes 1,024 bytes. */
export function eventIdOf({ eventId }: Pick<AccessEvent, 'eventId'>): string {
  return storable(eventId, 200);
}

/**
 * What a detection brings that a release must know of: the long-term key that was used, and grants. Keys of sessions are
 * left out, for they are new with each session and are never given back.
 */
export function broughtBy({ accessKeyId, granted }: Pick<Detection, 'accessKeyId' | 'granted'>): readonly string[] {
  return [
    ...(accessKeyId?.startsWith('AKIA') === true ? [`key ${accessKeyId}`] : []),
    ...granted.map((grant) => broughtByGrant(grant)),
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

/** Everything that the detected calls changed, in their order, each once. */
export function grantedIn(detections: readonly Pick<Detection, 'granted'>[]): readonly Granted[] {
  return [
    ...new Map(detections.flatMap(({ granted }) => granted).map((grant) => [JSON.stringify(grant), grant])).values(),
  ];
}

/** What the recorded call gave to somebody: a release must not give it back, and a deny on the caller does not end it. */
export function grantedBy(event: AccessEvent): readonly Granted[] {
  if (event.errorCode !== undefined || event.eventSource !== 'iam.amazonaws.com') return [];
  const request = event.record.requestParameters;
  const parameters = isJsonObject(request) ? request : {};
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? storable(value, LONGEST) : undefined;
  switch (event.eventName) {
    case 'AttachUserPolicy':
    case 'AttachRolePolicy': {
      const policyArn = text(parameters.policyArn);
      const principal = text(parameters.userName) ?? text(parameters.roleName);
      return policyArn === undefined || principal === undefined
        ? []
        : [
            {
              kind: 'policy-attached',
              principal,
              to: event.eventName === 'AttachUserPolicy' ? 'user' : 'role',
              policyArn,
            },
          ];
    }
    case 'PutUserPolicy':
    case 'PutRolePolicy': {
      const to = event.eventName === 'PutUserPolicy' ? 'user' : 'role';
      const principal = text(to === 'user' ? parameters.userName : parameters.roleName);
      const policyName = text(parameters.policyName);
      const hash = typeof parameters.policyDocument === 'string' ? documentHash(parameters.policyDocument) : undefined;
      return principal === undefined || policyName === undefined || hash === undefined
        ? []
        : [{ kind: 'inline-policy-put', principal, to, policyName, documentHash: hash }];
    }
    case 'CreateAccessKey': {
      const response = event.record.responseElements;
      const key = isJsonObject(response) && isJsonObject(response.accessKey) ? response.accessKey : {};
      const accessKeyId = text(key.accessKeyId);
      const principal =
        text(key.userName) ?? text(parameters.userName) ?? storable(principalLabel(event.principal), LONGEST);
      return accessKeyId === undefined ? [] : [{ kind: 'access-key-created', principal, accessKeyId }];
    }
    default:
      return [];
  }
}
