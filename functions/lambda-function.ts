import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';

export type Run<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/**
 * What every function is wrapped in: one composition at cold start and one JSON log line for each fault. The
 * fault is thrown on, for the caller's retries and dead-letter queue. Event text goes into a log only as a
 * value, and never whole: `describe` names the ids.
 */
export function lambdaFunction<Event, Result>(
  job: string,
  compose: (logger: Logger) => Run<Event, Result>,
  describe: (event: Event) => Record<string, string | number | boolean>,
) {
  const logger = new Logger({ serviceName: `rescind-${job}` });
  const run = compose(logger);
  return middy<Event, Result, Error, Context>()
    .onError(({ error, event, context }) => {
      logger.error('failed', {
        ...describe(event),
        requestId: context.awsRequestId,
        error: error?.name ?? 'Error',
        detail: String(error?.message ?? '').slice(0, LOGGED_DETAIL),
      });
    })
    .handler(run);
}

/** Error texts may carry text from an event; so much of it is enough to find the cause. */
const LOGGED_DETAIL = 300;
