import { randomUUID } from 'node:crypto';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { JsonObject } from '../../shared/json.ts';
import type { EmbeddedAws } from '../embedded-aws/start-embedded-aws.ts';
import { apiCallRecord } from '../staging/api-call-record.ts';
import { createRecorder } from '../staging/recorder.ts';
import { type Credentials, resolveIdentity } from '../staging/resolve-identity.ts';
import { createSecretsManager } from '../staging/secrets-manager.ts';

const FROM = { sourceIPAddress: '198.51.100.24', userAgent: 'aws-cli/2.31.0 md/Botocore#1.40.0 ua/2.1 os/linux' };

/** Somebody who reads secrets, with a real call and a record of it each time. */
export async function secretReader(options: {
  readonly aws: EmbeddedAws;
  readonly bus: EventBridgeClient;
  /** The operator's. */
  readonly iam: IAMClient;
  readonly credentials: Credentials;
  /** Called just before a record goes to the bus. */
  readonly onRecord: (record: JsonObject) => void;
}) {
  const { aws, bus, iam, credentials, onRecord } = options;
  const recorder = createRecorder({ bus, onRecord });
  const caller = { ...FROM, userIdentity: await resolveIdentity({ credentials, iam }) };
  const call = createSecretsManager({ ...aws, credentials });
  return async (secretId: string): Promise<void> => {
    const input = { SecretId: secretId };
    const { output, requestId } = await call('GetSecretValue', input);
    const made = {
      clientName: 'SecretsManagerClient',
      commandName: 'GetSecretValueCommand',
      region: aws.region,
      input,
    };
    const answer = { kind: 'succeeded', output, requestId } as const;
    await recorder.publish(apiCallRecord({ ...made, answer }, caller, { at: new Date(), eventId: randomUUID() }));
  };
}
