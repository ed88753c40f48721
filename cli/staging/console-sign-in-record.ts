import type { JsonObject } from '../../shared/json.ts';
import { recordTime } from './record-time.ts';
import type { IamUserIdentity } from './user-identity.ts';

/**
 * The record of an IAM user's console sign-in. It is written, not observed: a sign-in is a web form, no SDK call makes
 * one and no emulator has the form, so this is the only record here without a real call behind it.
 *
 * Source: "AWS Management Console sign-in events", AWS CloudTrail user guide.
 */
export function consoleSignInRecord(signIn: {
  user: IamUserIdentity;
  region: string;
  sourceIPAddress: string;
  userAgent: string;
  outcome: 'Success' | 'Failure';
  mfaUsed: boolean;
  at: Date;
  eventId: string;
}): JsonObject {
  // A sign-in uses a password, so the identity carries no access key.
  const { accessKeyId: _, ...userIdentity } = signIn.user;
  return {
    eventVersion: '1.11',
    userIdentity,
    eventTime: recordTime(signIn.at),
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    awsRegion: signIn.region,
    sourceIPAddress: signIn.sourceIPAddress,
    userAgent: signIn.userAgent,
    ...(signIn.outcome === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
    requestParameters: null,
    responseElements: { ConsoleLogin: signIn.outcome },
    additionalEventData: {
      LoginTo: 'https://console.aws.amazon.com/console/home',
      MobileVersion: 'No',
      MFAUsed: signIn.mfaUsed ? 'Yes' : 'No',
    },
    eventID: signIn.eventId,
    readOnly: false,
    eventType: 'AwsConsoleSignIn',
    managementEvent: true,
    recipientAccountId: signIn.user.accountId,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${signIn.region}.signin.aws.amazon.com`,
    },
  };
}
