import { ANALYTICS } from './analytics.ts';
import { COMPUTE } from './compute.ts';
import { DATA_STORES } from './data-stores.ts';
import { IDENTITY } from './identity.ts';
import { MACHINES } from './machines.ts';
import type { Naming } from './naming.ts';
import { OPERATIONS } from './operations.ts';

/** How each service's records name its resources, by `eventSource`. A Map, so that no event source is `__proto__`. */
export const SERVICE_NAMINGS: ReadonlyMap<string, readonly Naming[]> = new Map(
  [DATA_STORES, ANALYTICS, IDENTITY, COMPUTE, MACHINES, OPERATIONS].flatMap((group) => Object.entries(group)),
);
