import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { EmbeddedAws } from '../../embedded-aws/start-embedded-aws.ts';
import type { Credentials } from '../../staging/resolve-identity.ts';
import { ADMINISTRATOR_POLICY, given, operatorConfig } from '../operator.ts';

/** Who plays: names in the account, the key that gets stolen, and the operator's own clients. */
export type Cast = {
  readonly administrator: string;
  readonly user: string;
  readonly role: string;
  readonly roleArn: string;
  /** The name that the attacker gives the session of the role. */
  readonly sessionName: string;
  readonly trail: string;
  readonly stolenKey: Credentials;
  readonly otherKeyId: string;
  readonly iam: IAMClient;
  readonly cloudTrail: CloudTrailClient;
};

/** Written as somebody's editor left it: spaces and order of this document must come back exactly as they are. */
const REPORTS_DOCUMENT = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "ReadReports",  "Effect": "Allow",
      "Action": ["s3:GetObject","s3:ListBucket"], "Resource": ["arn:aws:s3:::reports","arn:aws:s3:::reports/*"] }
  ]
}`;

/** Makes everybody with plain calls, as an operator would. `suffix` keeps names apart in an AWS that is used again. */
export async function makeCast(aws: EmbeddedAws, suffix: string): Promise<Cast> {
  const config = operatorConfig(aws);
  const iam = new IAMClient(config);
  const cloudTrail = new CloudTrailClient(config);
  const named = (name: string) => `${name}${suffix}`;
  const [administrator, user, role, trail] = [named('alice'), named('dana'), named('build'), named('account-trail')];
  const group = named('developers');

  await Promise.all([
    iam.send(new CreateUserCommand({ UserName: administrator })),
    iam.send(
      new CreateUserCommand({
        UserName: user,
        Tags: [
          { Key: 'team', Value: 'reporting' },
          { Key: 'cost-centre', Value: '4711' },
        ],
      }),
    ),
    iam.send(new CreateGroupCommand({ GroupName: group })),
  ]);
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${aws.account}:user/${user}` },
    Action: 'sts:AssumeRole',
  };
  const [roleMade, stolen, other] = await Promise.all([
    iam.send(
      new CreateRoleCommand({
        RoleName: role,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    ),
    iam.send(new CreateAccessKeyCommand({ UserName: user })),
    iam.send(new CreateAccessKeyCommand({ UserName: user })),
    iam.send(new CreateAccessKeyCommand({ UserName: administrator })),
    iam.send(new AttachUserPolicyCommand({ UserName: administrator, PolicyArn: ADMINISTRATOR_POLICY })),
    iam.send(
      new AttachUserPolicyCommand({ UserName: user, PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' }),
    ),
    iam.send(new PutUserPolicyCommand({ UserName: user, PolicyName: 'reports', PolicyDocument: REPORTS_DOCUMENT })),
    iam.send(new AddUserToGroupCommand({ UserName: user, GroupName: group })),
    iam.send(new CreateLoginProfileCommand({ UserName: user, Password: 'Only-for-the-demo-1' })),
    cloudTrail.send(new CreateTrailCommand({ Name: trail, S3BucketName: 'account-trail', IsMultiRegionTrail: true })),
  ]);
  await cloudTrail.send(new StartLoggingCommand({ Name: trail }));

  return {
    administrator,
    user,
    role,
    sessionName: 'nightly',
    roleArn: given(roleMade.Role?.Arn),
    trail,
    stolenKey: {
      accessKeyId: given(stolen.AccessKey?.AccessKeyId),
      secretAccessKey: given(stolen.AccessKey?.SecretAccessKey),
    },
    otherKeyId: given(other.AccessKey?.AccessKeyId),
    iam,
    cloudTrail,
  };
}
