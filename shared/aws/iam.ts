import type { IAMClient } from '@aws-sdk/client-iam';
import { parameter } from '../containment/call.ts';
import type { Clock } from '../ports/clock.ts';
import type { Iam } from '../ports/iam.ts';
import { callResultOf } from './iam-errors.ts';
import { createIamReads } from './iam-reads.ts';
import { createRetry } from './iam-retry.ts';
import { IAM_COMMANDS } from './iam-writes.ts';

export type IamOptions = {
  readonly clock: Clock;
  /** In [0, 1), for the jitter between attempts. */
  readonly random: () => number;
  /** How long one call is repeated while IAM throttles or fails on its side. */
  readonly budgetMilliseconds?: number;
};

/** IAM's limits refill within seconds; a function's timeout leaves room for several calls that use all of it. */
const BUDGET_MS = 10_000;

/**
 * IAM through the SDK. Make the client with `maxAttempts: 1`: retries are made here, inside one time budget, so that
 * two loops do not multiply.
 */
export function createIam(client: IAMClient, options: IamOptions): Iam {
  const retry = createRetry({ budgetMilliseconds: BUDGET_MS, ...options });
  return {
    ...createIamReads(client, retry),
    async execute(call) {
      // Made before the try: a call that lacks a parameter is a fault of ours, not an answer of IAM.
      const send = IAM_COMMANDS[call.operation](client, (name) => parameter(call, name), call);
      try {
        await retry(send);
        return { kind: 'done' };
      } catch (error) {
        return callResultOf(error);
      }
    },
  };
}
