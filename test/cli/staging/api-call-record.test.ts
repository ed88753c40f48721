import { describe, expect, it } from 'vitest';
import { type ApiCall, apiCallRecord } from '../../../cli/staging/api-call-record.ts';
import type { Caller } from '../../../cli/staging/user-identity.ts';

const mallory: Caller = {
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLE00000000M1',
    arn: 'arn:aws:iam::111122223333:user/mallory',
    accountId: '111122223333',
    accessKeyId: 'AKIAEXAMPLE00000000M1',
    userName: 'mallory',
  },
  sourceIPAddress: '203.0.113.7',
  userAgent: 'aws-cli/2.31.0',
};
const given = { at: new Date('2026-11-21T13:05:07.891Z'), eventId: '11111111-1111-4111-8111-111111111111' };
const succeeded = (output: object): ApiCall['answer'] => ({ kind: 'succeeded', output, requestId: 'r-1' });
const iam = (commandName: string, input: object, output: object): ApiCall => ({
  clientName: 'IAMClient',
  commandName,
  region: 'eu-central-1',
  input,
  answer: succeeded({ $metadata: { httpStatusCode: 200 }, ...output }),
});

describe('the record of a real call', () => {
  it('has every member that CloudTrail documents, in its order, and no secret', () => {
    const call = iam(
      'CreateAccessKeyCommand',
      { UserName: 'root-admin' },
      {
        AccessKey: {
          UserName: 'root-admin',
          AccessKeyId: 'AKIAEXAMPLE00000000A1',
          Status: 'Active',
          SecretAccessKey: 'never-to-be-seen',
          CreateDate: new Date('2026-11-21T13:05:07.000Z'),
        },
      },
    );
    expect(JSON.stringify(apiCallRecord(call, mallory, given), undefined, 1)).toBe(
      JSON.stringify(
        {
          eventVersion: '1.11',
          userIdentity: {
            type: 'IAMUser',
            principalId: 'AIDAEXAMPLE00000000M1',
            arn: 'arn:aws:iam::111122223333:user/mallory',
            accountId: '111122223333',
            accessKeyId: 'AKIAEXAMPLE00000000M1',
            userName: 'mallory',
          },
          eventTime: '2026-11-21T13:05:07Z',
          eventSource: 'iam.amazonaws.com',
          eventName: 'CreateAccessKey',
          awsRegion: 'us-east-1',
          sourceIPAddress: '203.0.113.7',
          userAgent: 'aws-cli/2.31.0',
          requestParameters: { userName: 'root-admin' },
          responseElements: {
            accessKey: {
              userName: 'root-admin',
              accessKeyId: 'AKIAEXAMPLE00000000A1',
              status: 'Active',
              createDate: 'Nov 21, 2026 1:05:07 PM',
            },
          },
          requestID: 'r-1',
          eventID: '11111111-1111-4111-8111-111111111111',
          readOnly: false,
          eventType: 'AwsApiCall',
          managementEvent: true,
          recipientAccountId: '111122223333',
          eventCategory: 'Management',
          tlsDetails: {
            tlsVersion: 'TLSv1.3',
            cipherSuite: 'TLS_AES_128_GCM_SHA256',
            clientProvidedHostHeader: 'iam.amazonaws.com',
          },
        },
        undefined,
        1,
      ),
    );
  });

  const shapes: readonly { name: string; call: ApiCall; expected: object }[] = [
    {
      name: 'a mutating call without a result has null response elements',
      call: iam(
        'AttachUserPolicyCommand',
        { UserName: 'm', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        {},
      ),
      expected: {
        requestParameters: { userName: 'm', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        responseElements: null,
        readOnly: false,
      },
    },
    {
      name: 'a read-only call has null response elements, whatever was answered',
      call: iam('ListUsersCommand', {}, { Users: [{ UserName: 'a' }] }),
      expected: { requestParameters: null, responseElements: null, readOnly: true },
    },
    {
      name: 'a password is not in the request',
      call: iam('CreateLoginProfileCommand', { UserName: 'm', Password: 'hunter2', PasswordResetRequired: false }, {}),
      expected: { requestParameters: { userName: 'm', passwordResetRequired: false } },
    },
    {
      name: 'the value of a parameter is masked, that of a tag is not',
      call: {
        clientName: 'SSMClient',
        commandName: 'PutParameterCommand',
        region: 'us-east-1',
        input: { Name: '/db', Value: 'hunter2', Type: 'SecureString', Tags: [{ Key: 'team', Value: 'finance' }] },
        answer: succeeded({ Version: 1 }),
      },
      expected: {
        requestParameters: {
          name: '/db',
          value: 'HIDDEN_DUE_TO_SECURITY_REASONS',
          type: 'SecureString',
          tags: [{ key: 'team', value: 'finance' }],
        },
        responseElements: { version: 1 },
      },
    },
    {
      name: 'a service in a region has that region',
      call: {
        clientName: 'CloudTrailClient',
        commandName: 'StopLoggingCommand',
        region: 'eu-central-1',
        input: { Name: 'main' },
        answer: succeeded({}),
      },
      expected: {
        eventSource: 'cloudtrail.amazonaws.com',
        eventName: 'StopLogging',
        awsRegion: 'eu-central-1',
        requestParameters: { name: 'main' },
        tlsDetails: expect.objectContaining({ clientProvidedHostHeader: 'cloudtrail.eu-central-1.amazonaws.com' }),
      },
    },
    {
      name: 'AssumeRole is read-only and yet recorded with its response, the token masked',
      call: {
        clientName: 'STSClient',
        commandName: 'AssumeRoleCommand',
        region: 'us-east-1',
        input: { RoleArn: 'arn:aws:iam::111122223333:role/deploy', RoleSessionName: 'ci' },
        answer: succeeded({
          Credentials: {
            AccessKeyId: 'ASIAEXAMPLE00000000S1',
            SecretAccessKey: 'never-to-be-seen',
            SessionToken: 'never-to-be-seen',
            Expiration: new Date('2026-11-21T00:05:07.000Z'),
          },
          AssumedRoleUser: { AssumedRoleId: 'AROA1:ci', Arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci' },
        }),
      },
      expected: {
        readOnly: true,
        responseElements: {
          credentials: {
            accessKeyId: 'ASIAEXAMPLE00000000S1',
            sessionToken: 'HIDDEN_DUE_TO_SECURITY_REASONS',
            expiration: 'Nov 21, 2026 12:05:07 AM',
          },
          assumedRoleUser: { assumedRoleId: 'AROA1:ci', arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci' },
        },
      },
    },
    {
      name: 'a failed call has its code and message and no response',
      call: {
        clientName: 'IAMClient',
        commandName: 'AttachUserPolicyCommand',
        region: 'us-east-1',
        input: { UserName: 'ghost', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        answer: { kind: 'failed', code: 'AccessDenied', message: 'User is not authorized', requestId: 'r-2' },
      },
      expected: {
        errorCode: 'AccessDenied',
        errorMessage: 'User is not authorized',
        responseElements: null,
        requestID: 'r-2',
      },
    },
  ];

  it.each(shapes)('$name', ({ call, expected }) => {
    const record = apiCallRecord(call, mallory, given);
    expect(record).toMatchObject(expected);
    expect(JSON.stringify(record)).not.toMatch(/never-to-be-seen|hunter2/);
  });

  it('has no error members when the call succeeded', () => {
    expect(apiCallRecord(iam('ListUsersCommand', {}, {}), mallory, given)).not.toHaveProperty('errorCode');
  });

  it('is refused for a service whose records were never looked at', () => {
    const call = { ...iam('GetObjectCommand', {}, {}), clientName: 'S3Client' };
    expect(() => apiCallRecord(call, mallory, given)).toThrow(/^Calls of S3Client cannot be recorded yet/);
  });
});
