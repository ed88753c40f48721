import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Level } from '../../shared/rules/rule.ts';
import { acknowledge } from '../checks/acknowledgements.ts';
import { Alarm } from './alarm.ts';

export type DeadLetterQueueProps = {
  /** `evaluate-events`: the alarm is `Rescind-<name>-dead-letters`. */
  readonly name: string;
  readonly severity: Level;
  /** What did not happen for each message in it, and what to do. */
  readonly meaning: string;
  readonly topic: ITopic;
  /** A queue gives its failed messages to it, which cdk-nag sees by itself. */
  readonly ofQueue?: boolean;
};

/** Keeps what could not be delivered for 14 days, the longest that SQS offers, and pages at the first message. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id, {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    const findings = props.ofQueue === true ? [] : ['AwsSolutions-SQS3'];
    for (const finding of [...findings, 'Serverless-SQSRedrivePolicy']) {
      acknowledge(this, finding, 'It is itself a dead-letter queue, and its alarm pages.');
    }
    new Alarm(this, 'Alarm', {
      name: `${props.name}-dead-letters`,
      severity: props.severity,
      meaning: props.meaning,
      metric: this.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      topic: props.topic,
    });
  }
}
