import { DescribeSecretCommand, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parameter } from '../../containment/call.ts';
import { secretId } from '../../containment/secret.ts';
import { type MakeService, notOfThisService, type ResourceService } from './resource-service.ts';

export const makeService: MakeService = (config) => createSecrets(new SecretsManagerClient(config));

/** Secrets, by what is known of them without their value, which is never asked for. */
export function createSecrets(client: SecretsManagerClient): ResourceService {
  return {
    reads: 'DescribeSecret',
    async read(of) {
      const answer = await client.send(new DescribeSecretCommand({ SecretId: secretId(of) }));
      if (answer.ARN === undefined) throw new Error('Secrets Manager answered without an ARN');
      const versions = Object.entries(answer.VersionIdsToStages ?? {});
      const bearer = (label: string) => versions.find(([, labels]) => labels.includes(label))?.[0];
      const [current, previous, pending] = [bearer('AWSCURRENT'), bearer('AWSPREVIOUS'), bearer('AWSPENDING')];
      return {
        kind: 'secret',
        arn: answer.ARN,
        rotates: answer.RotationEnabled === true,
        managed: answer.OwningService !== undefined,
        current: current ?? null,
        previous: previous ?? null,
        // After a rotation it may stay on the version that is current now.
        pending: pending !== undefined && pending !== current,
        // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
        rotatedAt: answer.LastRotatedDate?.toISOString() ?? null,
      };
    },
    prepare(call) {
      if (call.operation !== 'RotateSecret') return notOfThisService(call);
      const request = {
        SecretId: parameter(call, 'SecretId'),
        ClientRequestToken: parameter(call, 'ClientRequestToken'),
      };
      return () => client.send(new RotateSecretCommand(request));
    },
  };
}
