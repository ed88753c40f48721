import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { EmbeddedAws } from '../../embedded-aws/start-embedded-aws.ts';
import type { Credentials } from '../../staging/resolve-identity.ts';
import { createSecretsManager } from '../../staging/secrets-manager.ts';
import { given, operatorConfig } from '../operator.ts';
import { currentVersion, secretVersions } from './secret-versions.ts';

/** Names in the account, the developer's own key, and the operator's clients. */
export type Cast = {
  readonly developer: string;
  readonly developerId: string;
  readonly key: Credentials;
  readonly group: string;
  /** The password of the finance database; its rotation is set up. */
  readonly secret: string;
  /** The version of it that is there when the play begins. */
  readonly firstVersion: string;
  /** Another secret, that nobody calls sensitive. */
  readonly newsletter: string;
  readonly iam: IAMClient;
  readonly cloudTrail: CloudTrailClient;
  /** The operator's. */
  readonly secrets: ReturnType<typeof createSecretsManager>;
};

/** What the developer may do by day, which is what the finance team wants. */
const FINANCE_DOCUMENT = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "ReadSecrets", "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*" },
    { "Sid": "Connect",     "Effect": "Allow", "Action": "rds-db:connect", "Resource": "*" }
  ]
}`;

/** Makes everybody and everything with plain calls, as an operator would. */
export async function makeCast(aws: EmbeddedAws, suffix: string): Promise<Cast> {
  const iam = new IAMClient(operatorConfig(aws));
  const secrets = createSecretsManager(operatorConfig(aws));
  const named = (name: string) => `${name}${suffix}`;
  const [developer, group, secret] = [named('mara'), named('developers'), named('finance/ledger-db')];
  const newsletter = named('marketing/newsletter');

  await iam.send(new CreateGroupCommand({ GroupName: group }));
  const [made, firstVersion] = await Promise.all([
    makeDeveloper(iam, developer, group),
    makeRotatingSecret(secrets, secret, aws),
    secrets('CreateSecret', { Name: newsletter, SecretString: 'only-for-the-demo' }),
  ]);
  return {
    developer,
    developerId: made.id,
    key: made.key,
    group,
    secret,
    firstVersion,
    newsletter,
    iam,
    cloudTrail: new CloudTrailClient(operatorConfig(aws)),
    secrets,
  };
}

/**
 * A secret whose rotation somebody set up before the play. The embedded AWS invokes no function for it: it makes the new
 * version at once. Returns the version that is current then.
 */
async function makeRotatingSecret(
  secrets: Cast['secrets'],
  Name: string,
  { region, account }: EmbeddedAws,
): Promise<string> {
  await secrets('CreateSecret', { Name, SecretString: 'only-for-the-demo' });
  const RotationLambdaARN = `arn:aws:lambda:${region}:${account}:function:SecretsManagerLedgerDb`;
  const RotationRules = { AutomaticallyAfterDays: 30 };
  await secrets('RotateSecret', { SecretId: Name, RotationLambdaARN, RotationRules });
  return given(currentVersion(await secretVersions(secrets, Name)));
}

/** Somebody who may read secrets and log in to databases, with a key and a policy of their own. */
export async function makeDeveloper(
  iam: IAMClient,
  UserName: string,
  GroupName: string,
): Promise<{ readonly id: string; readonly key: Credentials }> {
  const { User } = await iam.send(new CreateUserCommand({ UserName, Tags: [{ Key: 'team', Value: 'ledger' }] }));
  const [{ AccessKey }] = await Promise.all([
    iam.send(new CreateAccessKeyCommand({ UserName })),
    iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'finance', PolicyDocument: FINANCE_DOCUMENT })),
    iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' })),
    iam.send(new AddUserToGroupCommand({ UserName, GroupName })),
  ]);
  return {
    id: given(User?.UserId),
    key: { accessKeyId: given(AccessKey?.AccessKeyId), secretAccessKey: given(AccessKey?.SecretAccessKey) },
  };
}
