import type { CallResult } from '../../containment/call.ts';
import { type ResourceRef, resourceKindOf } from '../../containment/resource.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Resources } from '../../ports/resources.ts';
import { callResultOf } from '../iam-errors.ts';
import { createRetry } from '../iam-retry.ts';
import { lazily } from '../lazily.ts';
import { orMissing, read } from '../told-read.ts';
import type { ResourceService, ServiceFor } from './resource-service.ts';

/** As for IAM: a function's timeout leaves room for several calls that use all of it. */
const BUDGET_MS = 10_000;

/** Things of other services through the SDK; retries are made here, so make the clients with `maxAttempts: 1`. */
export function createResources(
  serviceFor: ServiceFor,
  options: { readonly clock: Clock; readonly random: () => number; readonly budgetMilliseconds?: number },
): Resources {
  const retry = createRetry({ budgetMilliseconds: BUDGET_MS, ...options });
  const made = new Map<string, () => Promise<ResourceService>>();
  const serviceOf = ({ arn, region }: ResourceRef): Promise<ResourceService> => {
    const kind = resourceKindOf(arn);
    if (kind === undefined) throw new TypeError(`Rescind does not know what ${arn} is`);
    const service = made.get(`${kind} ${region}`) ?? lazily(() => serviceFor(kind, region, options.clock));
    made.set(`${kind} ${region}`, service);
    return service();
  };
  return {
    async read(of) {
      const service = await serviceOf(of);
      return read(service.reads, () => orMissing(retry(() => service.read(of))));
    },
    async execute(call): Promise<CallResult> {
      const service = await serviceOf(call.on);
      // Made before the try: a call that lacks a parameter is a fault of ours, not an answer.
      const send = service.prepare(call);
      try {
        await retry(send);
        return { kind: 'done' };
      } catch (error) {
        return callResultOf(error);
      }
    },
  };
}
