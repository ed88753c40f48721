import type { IAMClient } from '@aws-sdk/client-iam';
import { createRandom } from '../bench/traffic/random.ts';
import type { Fault } from './fake-iam.ts';
import { IamFault } from './iam-account.ts';

/** One call of a client meets a fault: the n-th of its operation, counted from 1. */
export type Scripted = { readonly operation: string; readonly occurrence: number; readonly fault: Fault };

/** By the names that the SDK gives them, with the status that says whether asking again may help. */
const ERRORS: Readonly<Record<Fault, { readonly name: string; readonly status?: number }>> = {
  denied: { name: 'AccessDenied', status: 403 },
  throttled: { name: 'Throttling', status: 400 },
  'server-error': { name: 'ServiceFailure', status: 500 },
  missing: { name: 'NoSuchEntityException', status: 404 },
  quota: { name: 'LimitExceededException', status: 409 },
  unavailable: { name: 'InvalidAction', status: 400 },
  timeout: { name: 'TimeoutError' },
  'answer-lost': { name: 'TimeoutError' },
};

/**
 * Stands in the client of the AWS SDK, outside of its own retries: a call that is scripted fails before it is sent, or,
 * where its answer is to be lost, after AWS has done what was asked. Every call is noted, whatever became of it.
 */
export function addFaultGate(client: IAMClient, script: readonly Scripted[]) {
  const seen = new Map<string, number>();
  const calls: { readonly operation: string; readonly fault?: Fault }[] = [];
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const operation = commandName.replace(/Command$/, '');
        const occurrence = (seen.get(operation) ?? 0) + 1;
        seen.set(operation, occurrence);
        const fault = script.find((one) => one.operation === operation && one.occurrence === occurrence)?.fault;
        calls.push({ operation, ...(fault === undefined ? {} : { fault }) });
        if (fault === undefined) return next(args);
        if (fault === 'answer-lost') await next(args);
        const { name, status } = ERRORS[fault];
        const error = new IamFault(name, `scripted: ${fault}`);
        throw status === undefined ? error : Object.assign(error, { $metadata: { httpStatusCode: status } });
      },
    { step: 'initialize', priority: 'high', name: 'faultGate' },
  );
  return { calls };
}

/** So many faults on these operations: the same for the same seed. */
export function randomScript(
  seed: number,
  of: {
    readonly operations: readonly [string, ...string[]];
    readonly faults: readonly [Fault, ...Fault[]];
    readonly count: number;
    readonly within: number;
  },
): readonly Scripted[] {
  const random = createRandom(seed);
  return Array.from({ length: of.count }, () => ({
    operation: random.pick(of.operations),
    occurrence: 1 + random.below(of.within),
    fault: random.pick(of.faults),
  }));
}
