import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import type { EmbeddedAws } from '../../embedded-aws/start-embedded-aws.ts';
import type { Credentials } from '../../staging/resolve-identity.ts';
import { ADMINISTRATOR_POLICY, given, operatorConfig } from '../operator.ts';

/** Names in the account, the key that somebody else has got hold of, and the operator's clients. */
export type Cast = {
  readonly person: string;
  /** Another administrator, who can sign in: without one, nobody would be contained. */
  readonly colleague: string;
  readonly personId: string;
  readonly key: Credentials;
  /** Of administrators, who step into it. */
  readonly role: string;
  readonly roleArn: string;
  readonly roleId: string;
  readonly sessionName: string;
  /** What is made in the night. */
  readonly madeUser: string;
  readonly iam: IAMClient;
  readonly cloudTrail: CloudTrailClient;
};

/** Makes everybody with plain calls, as an operator would. */
export async function makeCast(aws: EmbeddedAws, suffix: string): Promise<Cast> {
  const iam = new IAMClient(operatorConfig(aws));
  const named = (name: string) => `${name}${suffix}`;
  const [person, colleague, role] = [named('alice'), named('carla'), named('administrator')];
  const [{ User }] = await Promise.all([
    iam.send(new CreateUserCommand({ UserName: person })),
    iam.send(new CreateUserCommand({ UserName: colleague })),
  ]);
  const trust = { Effect: 'Allow', Principal: { AWS: given(User?.Arn) }, Action: 'sts:AssumeRole' };
  const [{ Role }, { AccessKey }] = await Promise.all([
    iam.send(
      new CreateRoleCommand({
        RoleName: role,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    ),
    iam.send(new CreateAccessKeyCommand({ UserName: person })),
  ]);
  await Promise.all([
    iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: ADMINISTRATOR_POLICY })),
    iam.send(new AttachUserPolicyCommand({ UserName: colleague, PolicyArn: ADMINISTRATOR_POLICY })),
    iam.send(new CreateLoginProfileCommand({ UserName: colleague, Password: 'Only-for-the-demo-1' })),
  ]);
  return {
    person,
    colleague,
    personId: given(User?.UserId),
    key: { accessKeyId: given(AccessKey?.AccessKeyId), secretAccessKey: given(AccessKey?.SecretAccessKey) },
    role,
    roleArn: given(Role?.Arn),
    roleId: given(Role?.RoleId),
    sessionName: 'alice',
    madeUser: named('support-7'),
    iam,
    cloudTrail: new CloudTrailClient(operatorConfig(aws)),
  };
}
