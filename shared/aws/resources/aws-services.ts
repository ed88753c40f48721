import { assertNever } from '../../json.ts';
import type { ServiceFor } from './resource-service.ts';

/** Their clients are large and most cases need none of them: each is made, and its code run, when it is first asked for. */
export const awsServices: ServiceFor = async (kind, region) => {
  const config = { region, maxAttempts: 1 };
  switch (kind) {
    case 'trail': {
      const [{ CloudTrailClient }, { createTrails }] = await Promise.all([
        import('@aws-sdk/client-cloudtrail'),
        import('./trails.ts'),
      ]);
      return createTrails(new CloudTrailClient(config));
    }
    default:
      return assertNever(kind);
  }
};
