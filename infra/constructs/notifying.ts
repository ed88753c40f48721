import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledgements.ts';
import type { AlertTopics } from './alert-topics.ts';
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
    const streamArn = tables.cases.tableStreamArn ?? missingStream();
    const mapping = new CfnEventSourceMapping(this, 'Outbox', {
      functionName: this.notify.lambda.functionArn,
      eventSourceArn: streamArn,
      // Nothing written before the mapping came to life may be lost; the outbox item says whether it was sent.
      startingPosition: 'TRIM_HORIZON',
      filterCriteria: { filters: [{ pattern: JSON.stringify(OUTBOX_INSERTS) }] },
      batchSize: 10,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 8,
      maximumRecordAgeInSeconds: 6 * 3600,
      functionResponseTypes: ['ReportBatchItemFailures'],
      destinationConfig: { onFailure: { destination: unsent.queueArn } },
    });
    this.notify.allow({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [streamArn],
    });
    this.notify.allow({ actions: ['dynamodb:ListStreams'], resources: [`${tables.cases.tableArn}/stream/*`] });
    this.notify.allow({ actions: ['sqs:SendMessage'], resources: [unsent.queueArn] });
    // Lambda checks at creation that the role may read the stream.
    mapping.node.addDependency(this.notify.role);
    acknowledge(
      this.notify.role,
      `AwsSolutions-IAM5[Resource::<${tables.casesLogicalId}.Arn>/stream/*]`,
      "ListStreams is checked against all streams of the table, not against one (AWS's own DynamoDBStreamReadPolicy).",
    );
  }
}

const OUTBOX_INSERTS = {
  eventName: ['INSERT'],
  dynamodb: { Keys: { sk: { S: [{ prefix: 'OUTBOX#' }] } } },
};

function missingStream(): never {
  throw new Error('The cases table has no stream, without which no alert is sent.');
}
