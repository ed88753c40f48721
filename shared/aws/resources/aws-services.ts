import type { ResourceKind } from '../../containment/resource.ts';
import type { MakeService, ServiceFor } from './resource-service.ts';

/** Their clients are large, and most cases need none of them. */
const modules: Readonly<Record<ResourceKind, () => Promise<{ readonly makeService: MakeService }>>> = {
  trail: () => import('./trails.ts'),
  'security-group': () => import('./security-groups.ts'),
  bucket: () => import('./buckets.ts'),
  account: () => import('./accounts.ts'),
  'permission-set': () => import('./permission-sets.ts'),
  secret: () => import('./secrets.ts'),
};

export const awsServices: ServiceFor = async (kind, region, clock) => {
  const { makeService } = await modules[kind]();
  return makeService({ region, maxAttempts: 1 }, clock);
};
