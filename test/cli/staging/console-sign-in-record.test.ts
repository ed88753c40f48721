import { expect, it } from 'vitest';
import { consoleSignInRecord } from '../../../cli/staging/console-sign-in-record.ts';

const signIn = {
  user: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLE00000000M1',
    arn: 'arn:aws:iam::111122223333:user/mallory',
    accountId: '111122223333',
    accessKeyId: 'AKIAEXAMPLE00000000M1',
    userName: 'mallory',
  },
  region: 'eu-west-1',
  sourceIPAddress: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
  outcome: 'Success',
  mfaUsed: false,
  at: new Date('2026-11-21T02:00:00.000Z'),
  eventId: '22222222-2222-4222-8222-222222222222',
} as const;

it('a console sign-in is recorded in the documented shape, without an access key', () => {
  expect(consoleSignInRecord(signIn)).toEqual({
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE00000000M1',
      arn: 'arn:aws:iam::111122223333:user/mallory',
      accountId: '111122223333',
      userName: 'mallory',
    },
    eventTime: '2026-11-21T02:00:00Z',
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0',
    requestParameters: null,
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: {
      LoginTo: 'https://console.aws.amazon.com/console/home',
      MobileVersion: 'No',
      MFAUsed: 'No',
    },
    eventID: '22222222-2222-4222-8222-222222222222',
    readOnly: false,
    eventType: 'AwsConsoleSignIn',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: 'eu-west-1.signin.aws.amazon.com',
    },
  });
});

it('a failed one says so in both places', () => {
  expect(consoleSignInRecord({ ...signIn, outcome: 'Failure', mfaUsed: true })).toMatchObject({
    errorMessage: 'Failed authentication',
    responseElements: { ConsoleLogin: 'Failure' },
    additionalEventData: { MFAUsed: 'Yes' },
  });
});
