import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type RecordPattern, recordPatterns } from '../../shared/access/record-patterns.ts';
import type { RecordScope } from '../../shared/config/policy.ts';
import { acknowledge } from '../checks/acknowledgements.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { JobFunction, type JobSurroundings } from './job-function.ts';
import { JOB_FACTS } from './jobs.ts';
import { NAME_PREFIX } from './names.ts';
import type { Tables } from './tables.ts';

/**
 * Keeps who accessed what: the events of the policy's scope go through a queue, which holds a flood back and gives the
 * function batches, into the access table. It has nothing to do with containment, and takes no place from it.
 */
export class Recording extends Construct {
  readonly record: JobFunction;
  private readonly events: Queue;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly scope: RecordScope;
      /** All that the policy names. */
      readonly tags: readonly string[];
      readonly tables: Tables;
      readonly surroundings: JobSurroundings;
    },
  ) {
    super(scope, id);
    const { tags, tables, surroundings } = props;
    const topic = surroundings.pageTopic;
    this.record = new JobFunction(this, 'record', surroundings);
    this.record.neverInvokedAsynchronously();
    tables.useAccess(this.record);
    tables.useFirstSeen(this.record);
    tables.useTagged(this.record, tags);
    this.record.setEnvironment('ACCOUNT_ID', Aws.ACCOUNT_ID);

    const parked = new DeadLetterQueue(this, 'Parked', {
      name: 'record-parked',
      severity: 'medium',
      meaning: 'Events that could not be recorded, for they are no records of this account; each message says why.',
      topic,
    });
    this.record.allow({ actions: ['sqs:SendMessage'], resources: [parked.queueArn] });
    this.record.setEnvironment('PARKING_QUEUE_URL', parked.queueUrl);

    this.events = this.queue(
      new DeadLetterQueue(this, 'Failed', {
        name: 'record',
        severity: 'medium',
        meaning: 'Events that record failed on five times: the access record lacks them. Mend, and redrive the queue.',
        topic,
        ofQueue: true,
      }),
    );
    this.consume(this.events);

    const undelivered = new DeadLetterQueue(this, 'Undelivered', {
      name: 'record-events',
      severity: 'medium',
      meaning: 'EventBridge could not put events into the queue of record. Mend, and send them there.',
      topic,
    });
    for (const pattern of recordPatterns(props.scope)) this.addRule(pattern, this.events, undelivered);
    for (const each of [this.events, undelivered]) this.letOurRulesSend(each);
  }

  /** To put an event into the queue, as the rules do. */
  useSend(job: JobFunction): void {
    job.allow({ actions: ['sqs:SendMessage'], resources: [this.events.queueArn] });
    job.setEnvironment('RECORD_QUEUE_URL', this.events.queueUrl);
  }

  /** Calls of these roles are not recorded: where they are calls to a recorded service, each would be followed by another. */
  leaveOut(roles: readonly Role[]): void {
    this.record.setEnvironment('OWN_ROLE_IDS', roles.map(({ roleId }) => roleId).join(','));
  }

  private queue(failed: DeadLetterQueue): Queue {
    return new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times the function's timeout, as Lambda advises for a queue.
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(6 * JOB_FACTS.record.timeoutSeconds),
      deadLetterQueue: { queue: failed, maxReceiveCount: 5 },
    });
  }

  private consume(queue: Queue): void {
    this.record.allow({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [queue.queueArn],
    });
    const mapping = new CfnEventSourceMapping(this, 'Batches', {
      functionName: this.record.lambda.functionArn,
      eventSourceArn: queue.queueArn,
      batchSize: 100,
      maximumBatchingWindowInSeconds: 1,
      functionResponseTypes: ['ReportBatchItemFailures'],
      // Few at once meet each other seldom at the same summary, and leave the account's concurrency to containment.
      scalingConfig: { maximumConcurrency: 5 },
    });
    // Lambda checks at creation that the role may receive from the queue.
    mapping.node.addDependency(this.record.role);
    acknowledge(
      mapping,
      'Serverless-LambdaEventSourceMappingDestination',
      'A queue keeps what failed in its own dead-letter queue; Lambda offers such a destination for streams only.',
    );
  }

  private addRule({ name, pattern }: RecordPattern, queue: Queue, undelivered: DeadLetterQueue): void {
    new CfnRule(this, `Rule ${name}`, {
      name: `${NAME_PREFIX}${name}`,
      description: 'Events that the access record keeps',
      eventPattern: pattern,
      // Most accesses are reads, and those are delivered only to rules in this state.
      state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      targets: [
        {
          id: 'record',
          arn: queue.queueArn,
          retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 24 * 3600 },
          deadLetterConfig: { arn: undelivered.queueArn },
        },
      ],
    });
  }

  private letOurRulesSend(queue: Queue): void {
    const ownRules = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${NAME_PREFIX}record-*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OurRulesMaySend',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': ownRules } },
      }),
    );
  }
}
