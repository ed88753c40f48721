import type { ResourceCall } from '../../containment/call.ts';
import type { ResourceKind, ResourceRef, ResourceState } from '../../containment/resource.ts';
import type { Clock } from '../../ports/clock.ts';

/** One kind of thing in one region, by the SDK: answers as they come, faults as they are thrown. */
export type ResourceService = {
  /** The operation that `read` makes, for what is told when it does not go through. */
  readonly reads: string;
  read(of: ResourceRef): Promise<ResourceState>;
  /** Ready to be sent, as often as it takes: a call that lacks a parameter never gets as far. */
  prepare(call: ResourceCall): () => Promise<unknown>;
};

/** What the module of a kind of thing exports, its client included: they are loaded together, see aws-services.ts. */
export type MakeService = (
  client: { readonly region: string; readonly maxAttempts: number },
  clock: Clock,
) => ResourceService;

export type ServiceFor = (kind: ResourceKind, region: string, clock: Clock) => Promise<ResourceService>;

/** A call that no plan of ours makes: a fault, not an outcome. */
export function notOfThisService({ service, operation }: ResourceCall): never {
  throw new TypeError(`${service} ${operation} is not sent here`);
}
