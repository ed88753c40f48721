import { Aws, Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { LOST_RECORDS, METRICS, RECONCILE_BACKLOG } from '../../shared/aws/metric-line.ts';
import { CYCLE_SECONDS } from '../../shared/loss/reconcile.ts';
import { Alarm } from './alarm.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Detection } from './detection.ts';
import { JobFunction, type JobSurroundings } from './job-function.ts';
import { NAME_PREFIX } from './names.ts';
import type { Recording } from './recording.ts';
import type { Tables } from './tables.ts';

const EVERY = Duration.seconds(CYCLE_SECONDS);

/** Looks for records that EventBridge never delivered, and sends them on through the doors that they should have taken. */
export class Reconciling extends Construct {
  readonly reconcile: JobFunction;

  constructor(
    scope: Construct,
    id: string,
    props: {
      /** All that the policy names. */
      readonly tags: readonly string[];
      readonly tables: Tables;
      readonly detection: Detection;
      readonly recording: Recording;
      readonly surroundings: JobSurroundings;
    },
  ) {
    super(scope, id);
    const { tags, tables, detection, recording, surroundings } = props;
    const topic = surroundings.pageTopic;
    this.reconcile = new JobFunction(this, 'reconcile', surroundings);
    tables.useAccessReading(this.reconcile);
    tables.useTagged(this.reconcile, tags);
    // CloudTrail's history is the account's, and takes no resource.
    this.reconcile.allow({ actions: ['cloudtrail:LookupEvents'], resources: ['*'] });
    detection.useEvaluate(this.reconcile);
    recording.useSend(this.reconcile);
    this.reconcile.setEnvironment('ACCOUNT_ID', Aws.ACCOUNT_ID);

    const failed = new DeadLetterQueue(this, 'Failed', {
      name: 'reconcile',
      severity: 'high',
      meaning: 'Nobody looked for lost records, three times in a row. It comes by again: mend what its log names.',
      topic,
    });
    // No longer than until the next one, which looks at the same hour.
    this.reconcile.keepFailuresIn(failed, EVERY);
    new Rule(this, 'Schedule', {
      ruleName: `${NAME_PREFIX}reconcile`,
      description: 'Looks for lost records',
      schedule: Schedule.rate(EVERY),
      // The embedded AWS tells each call a second time in its history, under another id and without who made it.
      enabled: !surroundings.embedded,
      targets: [
        new LambdaFunction(this.reconcile.lambda, { retryAttempts: 2, maxEventAge: EVERY, deadLetterQueue: failed }),
      ],
    });
    this.alarms(topic);
  }

  /** Its own calls are recorded by nobody, as those of the other functions. */
  leaveOut(roles: readonly Role[]): void {
    this.reconcile.setEnvironment('OWN_ROLE_IDS', roles.map(({ roleId }) => roleId).join(','));
  }

  private alarms(topic: JobSurroundings['pageTopic']): void {
    const metric = (metricName: string) => new Metric({ namespace: METRICS, metricName, statistic: 'Maximum' });
    new Alarm(this, 'Lost', {
      name: 'records-lost',
      severity: 'high',
      meaning:
        'Records do not arrive by themselves, two cycles in a row. They were judged late: look at the EventBridge rules.',
      metric: metric(LOST_RECORDS),
      topic,
      cycles: { every: EVERY, times: 2 },
    });
    new Alarm(this, 'Backlog', {
      name: 'reconcile-backlog',
      severity: 'medium',
      meaning: 'More happens than can be looked through for lost records. What was lost meanwhile may stay unjudged.',
      metric: metric(RECONCILE_BACKLOG),
      topic,
      cycles: { every: EVERY, times: 1, moreThan: 1 },
    });
  }
}
