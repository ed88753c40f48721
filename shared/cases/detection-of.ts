import type { AccessEvent } from '../access/access-event.ts';
import { principalLabel } from '../access/principal.ts';
import { isJsonObject } from '../json.ts';
import type { RuleHeader } from '../rules/rule.ts';
import type { Detection, Granted } from './case.ts';

/** What a case keeps of a record in which a rule held. */
export function detectionOf(event: AccessEvent, rule: RuleHeader, playbook: string, detectedAt: string): Detection {
  const { principal } = event;
  const accessKeyId = 'accessKeyId' in principal ? principal.accessKeyId : undefined;
  return {
    ruleId: rule.id,
    ruleTitle: rule.title,
    ruleFile: rule.file,
    level: rule.level,
    eventId: event.eventId,
    eventTime: event.eventTime,
    detectedAt,
    eventSource: event.eventSource,
    eventName: event.eventName,
    region: event.region,
    actor: principalLabel(principal),
    ...(event.sourceIp === undefined ? {} : { sourceIp: event.sourceIp }),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    granted: grantedBy(event),
    playbook,
  };
}

/** What the recorded call gave to somebody: a release must not give it back, and a deny on the caller does not end it. */
function grantedBy(event: AccessEvent): readonly Granted[] {
  if (event.errorCode !== undefined || event.eventSource !== 'iam.amazonaws.com') return [];
  const request = event.record.requestParameters;
  const parameters = isJsonObject(request) ? request : {};
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  switch (event.eventName) {
    case 'AttachUserPolicy':
    case 'AttachRolePolicy': {
      const policyArn = text(parameters.policyArn);
      const principal = text(parameters.userName) ?? text(parameters.roleName);
      return policyArn === undefined || principal === undefined
        ? []
        : [{ kind: 'policy-attached', principal, policyArn }];
    }
    case 'CreateAccessKey': {
      const response = event.record.responseElements;
      const key = isJsonObject(response) && isJsonObject(response.accessKey) ? response.accessKey : {};
      const accessKeyId = text(key.accessKeyId);
      const principal = text(key.userName) ?? text(parameters.userName) ?? principalLabel(event.principal);
      return accessKeyId === undefined ? [] : [{ kind: 'access-key-created', principal, accessKeyId }];
    }
    default:
      return [];
  }
}
