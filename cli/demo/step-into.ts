import type { IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { type Credentials, resolveIdentity } from '../staging/resolve-identity.ts';
import type { UserIdentity } from '../staging/user-identity.ts';
import { given } from './operator.ts';

/** Opens a session of a role, and tells who that is in the words of CloudTrail. `operator` looks that up. */
export async function stepInto(
  sts: STSClient,
  operator: IAMClient,
  { roleArn, sessionName }: { readonly roleArn: string; readonly sessionName: string },
): Promise<{ readonly credentials: Credentials; readonly userIdentity: UserIdentity }> {
  const startedAt = new Date();
  const { Credentials: made } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName }),
  );
  const credentials = {
    accessKeyId: given(made?.AccessKeyId),
    secretAccessKey: given(made?.SecretAccessKey),
    sessionToken: given(made?.SessionToken),
  };
  return { credentials, userIdentity: await resolveIdentity({ credentials, iam: operator, startedAt }) };
}
