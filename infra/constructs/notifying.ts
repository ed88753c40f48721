import { Construct } from 'constructs';
import { TICKET_SORT_KEY } from '../../shared/aws/case-items.ts';
import type { AlertTopics } from './alert-topics.ts';
import { followCases } from './cases-stream.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { JobFunction, type JobSurroundings } from './job-function.ts';
import type { Tables } from './tables.ts';

/** Sends what stands in the outbox: the stream of the cases table calls notify for each new outbox item. */
export class Notifying extends Construct {
  readonly notify: JobFunction;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly tables: Tables; readonly topics: AlertTopics; readonly surroundings: JobSurroundings },
  ) {
    super(scope, id);
    const { tables, topics, surroundings } = props;
    this.notify = new JobFunction(this, 'notify', surroundings);
    this.notify.neverInvokedAsynchronously();
    tables.useCases(this.notify);
    topics.usePublish(this.notify);

    const unsent = new DeadLetterQueue(this, 'Unsent', {
      name: 'notify',
      severity: 'critical',
      meaning: 'Alerts in the outbox could not be sent. Read the cases: rescind cases. Then mend the cause.',
      topic: surroundings.pageTopic,
    });
    followCases(this.notify, {
      tables,
      sortKey: [{ prefix: 'OUTBOX#' }, TICKET_SORT_KEY],
      batchSize: 10,
      maximumRetryAttempts: 8,
      maximumRecordAgeInSeconds: 6 * 3600,
      onFailure: unsent,
    });
  }
}
