import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from '../checks/acknowledgements.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { JobFunction } from './job-function.ts';
import type { Tables } from './tables.ts';

/** Which items of the cases table, when they come to be, and what becomes of what fails. */
export type CasesStreamProps = {
  readonly tables: Tables;
  /** A pattern on the sort key, in EventBridge's words. */
  readonly sortKey: readonly unknown[];
  readonly batchSize: number;
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeInSeconds: number;
  readonly onFailure: DeadLetterQueue;
};

/**
 * Calls a function for new items of the cases table. At most two may read a stream at once, and there are two: notify and
 * evidence. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
export function followCases(job: JobFunction, props: CasesStreamProps): void {
  const { tables, sortKey, onFailure, ...limits } = props;
  const streamArn = tables.cases.tableStreamArn ?? missingStream();
  const filter = { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: sortKey } } } };
  const mapping = new CfnEventSourceMapping(job, 'NewItems', {
    functionName: job.lambda.functionArn,
    eventSourceArn: streamArn,
    // Nothing written before the mapping came to life may be lost.
    startingPosition: 'TRIM_HORIZON',
    filterCriteria: { filters: [{ pattern: JSON.stringify(filter) }] },
    bisectBatchOnFunctionError: true,
    ...limits,
    functionResponseTypes: ['ReportBatchItemFailures'],
    destinationConfig: { onFailure: { destination: onFailure.queueArn } },
  });
  job.allow({
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    resources: [streamArn],
  });
  job.allow({ actions: ['dynamodb:ListStreams'], resources: [`${tables.cases.tableArn}/stream/*`] });
  job.allow({ actions: ['sqs:SendMessage'], resources: [onFailure.queueArn] });
  // Lambda checks at creation that the role may read the stream.
  mapping.node.addDependency(job.role);
  acknowledge(
    job.role,
    `AwsSolutions-IAM5[Resource::<${tables.casesLogicalId}.Arn>/stream/*]`,
    "ListStreams is checked against all streams of the table, not against one (AWS's own DynamoDBStreamReadPolicy).",
  );
}

function missingStream(): never {
  throw new Error('The cases table has no stream, without which no alert is sent.');
}
