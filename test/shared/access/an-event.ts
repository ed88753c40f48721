import type { AccessEvent } from '../../../shared/access/access-event.ts';
import { decodeRecord } from '../../../shared/cloudtrail/decode-record.ts';

/** Alice reads a secret with her long-term key; `fields` replace parts of the record. */
export function aRecord(fields: object = {}): object {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE1',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: '111122223333',
      accessKeyId: 'AKIAEXAMPLE1',
      userName: 'alice',
    },
    eventTime: '2026-11-20T02:14:07Z',
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    awsRegion: 'eu-central-1',
    sourceIPAddress: '198.51.100.24',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: { secretId: 'prod/db' },
    eventID: '6a1f3c52-9f0e-4d8f-8d65-111111111101',
    readOnly: true,
    recipientAccountId: '111122223333',
    ...fields,
  };
}

/** The same, decoded. */
export function anEvent(fields: object = {}): AccessEvent {
  const decoded = decodeRecord(aRecord(fields));
  if (decoded.kind === 'undecodable') throw new Error(decoded.reason);
  return decoded.event;
}

/** The identity of a session of the role deployer. */
export const SESSION = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLE1:alice@example.com',
  arn: 'arn:aws:sts::111122223333:assumed-role/deployer/alice@example.com',
  accountId: '111122223333',
  accessKeyId: 'ASIAEXAMPLE2',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLE1',
      arn: 'arn:aws:iam::111122223333:role/team/deployer',
      accountId: '111122223333',
      userName: 'deployer',
    },
    sourceIdentity: 'alice',
    attributes: { creationDate: '2026-11-20T02:00:00Z', mfaAuthenticated: 'true' },
  },
};
