import { assertNever } from '../../json.ts';
import type { ServiceFor } from './resource-service.ts';

/** Their clients are large and most cases need none of them: each is made, and its code run, when it is first asked for. */
export const awsServices: ServiceFor = async (kind, region, clock) => {
  const config = { region, maxAttempts: 1 };
  switch (kind) {
    case 'trail': {
      const [{ CloudTrailClient }, { createTrails }] = await Promise.all([
        import('@aws-sdk/client-cloudtrail'),
        import('./trails.ts'),
      ]);
      return createTrails(new CloudTrailClient(config));
    }
    case 'security-group': {
      const [{ EC2Client }, { createSecurityGroups }] = await Promise.all([
        import('@aws-sdk/client-ec2'),
        import('./security-groups.ts'),
      ]);
      return createSecurityGroups(new EC2Client(config));
    }
    case 'bucket': {
      const [{ S3Client }, { createBuckets }] = await Promise.all([
        import('@aws-sdk/client-s3'),
        import('./buckets.ts'),
      ]);
      return createBuckets(new S3Client(config));
    }
    case 'account': {
      const [{ S3ControlClient }, { createAccounts }] = await Promise.all([
        import('@aws-sdk/client-s3-control'),
        import('./accounts.ts'),
      ]);
      return createAccounts(new S3ControlClient(config));
    }
    case 'permission-set': {
      const [{ SSOAdminClient }, { createPermissionSets }] = await Promise.all([
        import('@aws-sdk/client-sso-admin'),
        import('./permission-sets.ts'),
      ]);
      return createPermissionSets(new SSOAdminClient(config), clock);
    }
    case 'secret': {
      const [{ SecretsManagerClient }, { createSecrets }] = await Promise.all([
        import('@aws-sdk/client-secrets-manager'),
        import('./secrets.ts'),
      ]);
      return createSecrets(new SecretsManagerClient(config));
    }
    default:
      return assertNever(kind);
  }
};
