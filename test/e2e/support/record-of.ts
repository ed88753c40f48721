import { randomUUID } from 'node:crypto';
import { isReadOnly } from '../../../cli/staging/recorded-services.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { OpenStage } from './open-stage.ts';
import type { Person, Role } from './people.ts';

/** What tells one call from another. */
export type Call = {
  /** `iam` */
  readonly service: string;
  readonly eventName: string;
  readonly requestParameters: JsonObject;
  /** ISO 8601; now without it. */
  readonly at?: string;
};

/** A call as CloudTrail would record it, of a service or a time that the emulator's callers are not recorded at. */
export function recordOf({ facts }: OpenStage, userIdentity: JsonObject, call: Call): JsonObject {
  return {
    eventVersion: '1.11',
    userIdentity: { accountId: facts.account, ...userIdentity },
    eventTime: call.at ?? `${new Date().toISOString().slice(0, 19)}Z`,
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.24',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: call.requestParameters,
    responseElements: null,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: isReadOnly(call.eventName),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: facts.account,
    eventCategory: 'Management',
  };
}

export function asUser({ userId, arn, userName, keys: [{ accessKeyId }] }: Person): JsonObject {
  return { type: 'IAMUser', principalId: userId, arn, accessKeyId, userName };
}

/** A session of a role without MFA, opened at `since`. */
export function asSession({ facts }: OpenStage, role: Role, sessionName: string, since: string): JsonObject {
  const { roleName, roleId, arn } = role;
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${sessionName}`,
    arn: `arn:aws:sts::${facts.account}:assumed-role/${roleName}/${sessionName}`,
    accessKeyId: `ASIA${roleId.slice(4)}`,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: roleId, arn, accountId: facts.account, userName: roleName },
      attributes: { creationDate: since, mfaAuthenticated: 'false' },
    },
  };
}
