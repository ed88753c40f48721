import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { MiddlewareStack } from '@smithy/types';
import { createRecorder } from '../../../cli/staging/recorder.ts';
import { type Credentials, resolveIdentity } from '../../../cli/staging/resolve-identity.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { OpenStage } from './open-stage.ts';

export const ADMINISTRATOR_ACCESS = 'arn:aws:iam::aws:policy/AdministratorAccess';
export const POWER_USER_ACCESS = 'arn:aws:iam::aws:policy/PowerUserAccess';
export const READ_ONLY = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

/** Written as somebody's editor left it: its spaces and its order must come back exactly as they are. */
export const REPORTS_DOCUMENT = `{
  "Version": "2012-10-17",
  "Statement": [ { "Sid": "ReadReports",  "Effect": "Allow",
      "Action": ["s3:GetObject","s3:ListBucket"], "Resource": "arn:aws:s3:::reports/*" } ]
}`;

export type Person = {
  readonly userName: string;
  readonly userId: string;
  readonly arn: string;
  /** `user:AIDA…` */
  readonly subject: string;
  /** The first one gets stolen. */
  readonly keys: readonly [Credentials, ...Credentials[]];
};

/** A normal user with a password, tags, a managed and an inline policy, and access keys: one, or as many as said. */
export async function makePerson({ iam, facts }: OpenStage, name: string, keys = 1): Promise<Person> {
  const UserName = `${name}-${facts.suffix}`;
  const { User } = await iam.send(new CreateUserCommand({ UserName, Tags: [{ Key: 'team', Value: 'reporting' }] }));
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: READ_ONLY }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'reports', PolicyDocument: REPORTS_DOCUMENT }));
  await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Only-for-a-test-1' }));
  const first = await makeKey(iam, UserName);
  const others = await Promise.all(Array.from({ length: keys - 1 }, () => makeKey(iam, UserName)));
  const userId = given(User?.UserId);
  return { userName: UserName, userId, arn: given(User?.Arn), subject: `user:${userId}`, keys: [first, ...others] };
}

async function makeKey(iam: IAMClient, UserName: string): Promise<Credentials> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: given(AccessKey?.AccessKeyId), secretAccessKey: given(AccessKey?.SecretAccessKey) };
}

export type Role = { readonly roleName: string; readonly roleId: string; readonly arn: string };

/** A role that everybody in the account may assume, with an inline policy of its own. */
export async function makeRole({ iam, facts }: OpenStage, name: string): Promise<Role> {
  const RoleName = `${name}-${facts.suffix}`;
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${facts.account}:root` }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      Tags: [{ Key: 'team', Value: 'build' }],
    }),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'reports', PolicyDocument: REPORTS_DOCUMENT }));
  return { roleName: RoleName, roleId: given(Role?.RoleId), arn: given(Role?.Arn) };
}

/** A session of a role, opened by a real AssumeRole. */
export async function assume({ config }: OpenStage, role: Role, sessionName: string): Promise<Credentials> {
  const { Credentials: made } = await new STSClient(config).send(
    new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: sessionName }),
  );
  return {
    accessKeyId: given(made?.AccessKeyId),
    secretAccessKey: given(made?.SecretAccessKey),
    sessionToken: given(made?.SessionToken),
  };
}

/** A trail that logs, for somebody to stop. */
export async function makeTrail({ config, facts }: OpenStage, name: string): Promise<string> {
  const Name = `${name}-${facts.suffix}`;
  const cloudTrail = new CloudTrailClient(config);
  await cloudTrail.send(new CreateTrailCommand({ Name, S3BucketName: 'account-trail' }));
  await cloudTrail.send(new StartLoggingCommand({ Name }));
  return Name;
}

/**
 * Whoever holds these credentials. Each call is real, and is put on the bus as a CloudTrail record once it was answered;
 * `between` runs after the answer and before the record, when only the thief knows of the call.
 */
export async function thiefWith(
  { facts, iam: operator, bus }: OpenStage,
  credentials: Credentials,
  between: (eventName: string) => Promise<void> = async () => {},
) {
  const records: JsonObject[] = [];
  const where = { endpoint: facts.endpoint, region: facts.region, credentials };
  const caller = {
    userIdentity: await resolveIdentity({ credentials, iam: operator }),
    sourceIPAddress: '203.0.113.66',
    userAgent: 'aws-cli/2.31.0',
  };
  const recorder = createRecorder({ bus, onRecord: (record) => records.push(record) });
  const iam = new IAMClient(where);
  const cloudTrail = new CloudTrailClient(where);
  waitBetween(iam, between);
  waitBetween(cloudTrail, between);
  recorder.attach(iam, caller);
  recorder.attach(cloudTrail, caller);
  return { iam, cloudTrail, caller, records, recorder };
}

function waitBetween<Input extends object, Output extends object>(
  client: { readonly middlewareStack: MiddlewareStack<Input, Output> },
  between: (eventName: string) => Promise<void>,
): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      await between(String(context.commandName).replace(/Command$/, ''));
      return answer;
    },
    // Inside of the recorder, which is the outermost.
    { step: 'initialize', priority: 'low', name: 'betweenAnswerAndRecord' },
  );
}

export function given(value: string | undefined): string {
  if (value === undefined) throw new Error('AWS answered without what was asked for.');
  return value;
}

/** Takes everything off a user that stands in the way of deleting it. */
export async function strip({ iam }: OpenStage, UserName: string): Promise<void> {
  const [keys, attached, inline] = await Promise.all([
    iam.send(new ListAccessKeysCommand({ UserName })),
    iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
    iam.send(new ListUserPoliciesCommand({ UserName })),
  ]);
  await Promise.all([
    ...(keys.AccessKeyMetadata ?? []).map(({ AccessKeyId }) =>
      iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })),
    ),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn }) =>
      iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn })),
    ),
    ...(inline.PolicyNames ?? []).map((PolicyName) => iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }))),
    iam.send(new DeleteLoginProfileCommand({ UserName })),
  ]);
}
