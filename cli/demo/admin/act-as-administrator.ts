import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateUserCommand, IAMClient, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { JsonObject } from '../../../shared/json.ts';
import type { EmbeddedAws } from '../../embedded-aws/start-embedded-aws.ts';
import { createRecorder } from '../../staging/recorder.ts';
import { resolveIdentity } from '../../staging/resolve-identity.ts';
import { stepInto } from '../step-into.ts';
import type { Cast } from './cast.ts';

const FROM = { sourceIPAddress: '203.0.113.66', userAgent: 'aws-cli/2.31.0 md/Botocore#1.40.0 ua/2.1 os/linux' };

/** The calls on the way to the one that a rule holds for: into the role, and a look around. */
export const CALLS_BEFORE = 3;

/**
 * Whoever has the key steps into the role of the administrators, looks around and makes a user, by real calls. `between`
 * runs before the last of them, which is the one that nobody expects at night.
 */
export async function actAsAdministrator(
  aws: EmbeddedAws,
  { key: credentials, roleArn, sessionName, madeUser, iam: operator }: Cast,
  bus: EventBridgeClient,
  { onRecord, between }: { readonly onRecord: (record: JsonObject) => void; readonly between: () => Promise<unknown> },
): Promise<void> {
  const where = { endpoint: aws.endpoint, region: aws.region };
  const recorder = createRecorder({ bus, onRecord });
  const sts = new STSClient({ ...where, credentials });
  recorder.attach(sts, { ...FROM, userIdentity: await resolveIdentity({ credentials, iam: operator }) });
  const session = await stepInto(sts, operator, { roleArn, sessionName });

  const iam = new IAMClient({ ...where, credentials: session.credentials });
  recorder.attach(iam, { ...FROM, userIdentity: session.userIdentity });
  await iam.send(new ListUsersCommand({}));
  await iam.send(new ListRolesCommand({}));
  await between();
  await iam.send(new CreateUserCommand({ UserName: madeUser }));
}
