import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Policy, Subscription as PolicySubscription } from '../../shared/config/policy.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { JobFunction } from './job-function.ts';
import { ALERTS_KEY_ALIAS } from './names.ts';

const PROTOCOLS = {
  email: SubscriptionProtocol.EMAIL,
  'email-json': SubscriptionProtocol.EMAIL_JSON,
  sms: SubscriptionProtocol.SMS,
  sqs: SubscriptionProtocol.SQS,
  lambda: SubscriptionProtocol.LAMBDA,
  http: SubscriptionProtocol.HTTP,
  https: SubscriptionProtocol.HTTPS,
} satisfies Record<PolicySubscription['protocol'], SubscriptionProtocol>;

/**
 * Topics and their subscribers from `rescind.yaml`: `page` wakes somebody, `information` can be read in the morning,
 * `tickets` is for a bridge that opens them.
 *
 * Alerts name people and what they did, so they are encrypted at rest. It is a key of our own, because CloudWatch cannot
 * publish to a topic under the key `aws/sns`: its alarms would fall silent without a trace.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export class AlertTopics extends Construct {
  readonly page: Topic;
  readonly information: Topic;
  readonly tickets: Topic;
  private readonly key: Key;

  constructor(scope: Construct, id: string, { alerts, tickets }: Pick<Policy, 'alerts' | 'tickets'>) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: ALERTS_KEY_ALIAS,
      description: 'Encrypts the alerts of Rescind at rest',
      enableKeyRotation: true,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: OWN_ACCOUNT,
      }),
    );
    this.page = this.topic('Page', 'Rescind: somebody has to act now');
    this.information = this.topic('Information', 'Rescind: good to know');
    for (const topic of [this.page, this.information]) this.letAlarmsPublish(topic);
    this.tickets = this.topic('Tickets', 'Rescind: one for each case that a ticket is due for');

    const undelivered = new DeadLetterQueue(this, 'Undelivered', {
      name: 'alerts-undelivered',
      severity: 'critical',
      meaning: 'A subscriber did not take an alert or a ticket. Read the cases, then mend or remove the subscription.',
      topic: this.page,
    });
    this.subscribe('Page', this.page, alerts.page, undelivered);
    this.subscribe('Information', this.information, alerts.information, undelivered);
    this.subscribe('Tickets', this.tickets, tickets?.topic ?? [], undelivered);
  }

  usePublish(job: JobFunction): void {
    const topics = [this.page, this.information, this.tickets].map(({ topicArn }) => topicArn);
    job.allow({ actions: ['sns:Publish'], resources: topics });
    job.allow({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.key.keyArn] });
    job.setEnvironment('PAGE_TOPIC_ARN', this.page.topicArn);
    job.setEnvironment('INFORMATION_TOPIC_ARN', this.information.topicArn);
    job.setEnvironment('TICKETS_TOPIC_ARN', this.tickets.topicArn);
  }

  private topic(id: string, displayName: string): Topic {
    return new Topic(this, id, { displayName, masterKey: this.key, enforceSSL: true });
  }

  /** A topic policy of one's own replaces the default one, which let the account's alarms publish. */
  private letAlarmsPublish(topic: Topic): void {
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: OWN_ACCOUNT,
      }),
    );
  }

  private subscribe(
    prefix: string,
    topic: ITopic,
    subscriptions: readonly PolicySubscription[],
    deadLetterQueue: DeadLetterQueue,
  ): void {
    for (const { protocol, endpoint } of subscriptions) {
      // The id is what CloudFormation knows a subscription by: made of the endpoint, a reordered list changes nothing.
      new Subscription(this, `${prefix} ${protocol} ${endpoint.replaceAll('/', '|')}`, {
        topic,
        protocol: PROTOCOLS[protocol],
        endpoint,
        deadLetterQueue,
      });
    }
  }
}

const OWN_ACCOUNT = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
