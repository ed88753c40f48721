import type { CallResult, ResourceCall } from '../containment/call.ts';
import type { ResourceRef, ResourceState } from '../containment/resource.ts';
import type { Read } from '../containment/snapshot.ts';

/** The other services whose things Rescind changes. One port for all of them: a plan does not ask whose call it makes. */
export type Resources = {
  /** `undefined`: there is none of this ARN. Faults are told, not thrown. */
  read(of: ResourceRef): Promise<Read<ResourceState | undefined>>;
  /** Sends exactly this call, with backoff on throttling inside the time budget. */
  execute(call: ResourceCall): Promise<CallResult>;
};
