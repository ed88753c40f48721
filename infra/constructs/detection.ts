import { Annotations, ArnFormat, Aws, Duration, Stack, Token } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { IAM_REGION } from '../../shared/config/iam-region.ts';
import type { Policy } from '../../shared/config/policy.ts';
import { type EventPattern, MAX_PATTERNS } from '../../shared/rules/event-patterns.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { allowReads } from './iam-permissions.ts';
import { JobFunction, type JobSurroundings } from './job-function.ts';
import { NAME_PREFIX } from './names.ts';
import type { Remediation } from './remediation.ts';
import type { Tables } from './tables.ts';

type Coverage = Pick<Policy, 'homeRegion' | 'regions' | 'accounts'>;

/** Delivers to evaluate every event that an enabled rule could be about, and loses none silently on the way. */
export class Detection extends Construct {
  readonly evaluate: JobFunction;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly patterns: readonly EventPattern[];
      readonly policy: Coverage;
      readonly tables: Tables;
      readonly remediation: Remediation;
      readonly surroundings: JobSurroundings;
    },
  ) {
    super(scope, id);
    const { patterns, tables, remediation, surroundings } = props;
    this.evaluate = new JobFunction(this, 'evaluate', surroundings);
    tables.useCases(this.evaluate);
    tables.useState(this.evaluate);
    remediation.useStart(this.evaluate);
    // To bind a case to the unique id behind a name, and to see whom it is about.
    allowReads(this.evaluate, ['iam:GetUser', 'iam:GetRole']);
    this.park(surroundings);

    const failed = new DeadLetterQueue(this, 'Failed', {
      name: 'evaluate',
      severity: 'high',
      meaning:
        'Records that evaluate failed on three times: nobody has judged them. Read one, mend, and send it again.',
      topic: surroundings.pageTopic,
    });
    this.evaluate.keepFailuresIn(failed, Duration.hours(6));

    const undelivered = new DeadLetterQueue(this, 'Undelivered', {
      name: 'events',
      severity: 'high',
      meaning: 'EventBridge could not hand records to evaluate: nobody has judged them. Mend, and send them again.',
      topic: surroundings.pageTopic,
    });
    for (const pattern of patterns) this.addRule(pattern, undelivered);
    this.sayWhatIsNotCovered(props.policy);

    const ownRules = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${NAME_PREFIX}*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    new CfnPermission(this, 'OurRulesMayInvoke', {
      action: 'lambda:InvokeFunction',
      functionName: this.evaluate.lambda.functionName,
      principal: 'events.amazonaws.com',
      sourceArn: ownRules,
    });
    undelivered.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OurRulesMayPark',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [undelivered.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': ownRules } },
      }),
    );
  }

  /**
   * Calls of these roles are not judged. Their unique ids are told to evaluate: a role that somebody makes anew under
   * the name of one of them, after it was deleted, is judged like any other.
   */
  leaveAlone(roles: readonly Role[]): void {
    this.evaluate.setEnvironment('OWN_ROLE_IDS', roles.map(({ roleId }) => roleId).join(','));
  }

  /** To hand a record to evaluate and hear what it made of it. */
  useEvaluate(job: JobFunction): void {
    job.allow({ actions: ['lambda:InvokeFunction'], resources: [this.evaluate.lambda.functionArn] });
    job.setEnvironment('EVALUATE_FUNCTION', this.evaluate.lambda.functionName);
  }

  /** Records that cannot be judged are put aside with the reason. */
  private park({ pageTopic: topic }: JobSurroundings): void {
    const parked = new DeadLetterQueue(this, 'Parked', {
      name: 'parked',
      severity: 'medium',
      meaning: 'Records that no rule could judge; each message says why. Look for what they were meant to hide.',
      topic,
    });
    this.evaluate.allow({ actions: ['sqs:SendMessage'], resources: [parked.queueArn] });
    this.evaluate.setEnvironment('PARKING_QUEUE_URL', parked.queueUrl);
    this.evaluate.setEnvironment('ACCOUNT_ID', Aws.ACCOUNT_ID);
  }

  /** Events stay in the region and the account that they happen in, and nothing forwards them yet. */
  private sayWhatIsNotCovered({ homeRegion, regions, accounts }: Coverage): void {
    for (const region of new Set([IAM_REGION, ...regions])) {
      if (region === homeRegion) continue;
      const iam = region === IAM_REGION ? ', the only region in which the events of IAM exist,' : '';
      Annotations.of(this).addWarningV2(
        `rescind:not-covered-${region}`,
        `Nothing that happens in ${region}${iam} is seen: Rescind sees its home region ${homeRegion} only.`,
      );
    }
    const { account } = Stack.of(this);
    const others = Token.isUnresolved(account) ? [] : accounts.filter((other) => other !== account);
    if (others.length > 0) {
      Annotations.of(this).addWarningV2(
        'rescind:not-covered-accounts',
        `Nothing that happens in the accounts ${others.join(', ')} is seen: Rescind sees its own account only.`,
      );
    }
  }

  private addRule(pattern: EventPattern, undelivered: DeadLetterQueue): void {
    new CfnRule(this, `Rule ${pattern.name}`, {
      name: `${NAME_PREFIX}${pattern.name}`,
      description: `Events of ${pattern.ruleIds.length} detection rule(s) of Rescind`,
      eventPattern: pattern.pattern,
      // List, Get and Describe calls are delivered only to rules in this state.
      state: pattern.readEvents ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED',
      targets: [
        {
          id: 'evaluate',
          arn: this.evaluate.lambda.functionArn,
          // The most that EventBridge offers is a day; a record that old still opens a case.
          retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 24 * 3600 },
          deadLetterConfig: { arn: undelivered.queueArn },
        },
      ],
    });
    if (!pattern.narrowed) this.sayWhatIsOpen(pattern);
  }

  /** What this costs depends on the account, which a synth knows nothing of: the command line measures it on its logs. */
  private sayWhatIsOpen({ name, pattern, readEvents, openFor }: EventPattern): void {
    const { detail } = pattern;
    const calls =
      detail === undefined
        ? 'every management event of the account'
        : `every call that matches ${JSON.stringify(detail)}`;
    Annotations.of(this).addInfo(
      `The EventBridge rule ${NAME_PREFIX}${name} delivers ${calls}${readEvents ? ', reading calls included' : ''}, because these ` +
        `detection rules name no eventName, or more than fit into ${MAX_PATTERNS} EventBridge rules: ${openFor.join('; ')}. ` +
        'What share of your calls that is, `npx rescind rules traffic LOGS` measures on your own logs.',
    );
  }
}
