import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { JobFunction, type JobSurroundings } from './job-function.ts';
import { NAME_PREFIX } from './names.ts';
import type { Remediation } from './remediation.ts';
import type { Tables } from './tables.ts';

/** A lock that should have ended is at most so much longer than it said. */
const EVERY = Duration.minutes(5);

/** Calls sweep on a schedule: what an execution should have done and did not, because it was lost, is done then. */
export class Sweeping extends Construct {
  readonly sweep: JobFunction;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly tables: Tables;
      readonly remediation: Remediation;
      /** Those that the policy names: sweep looks what bears them. */
      readonly tags: readonly string[];
      readonly surroundings: JobSurroundings;
    },
  ) {
    super(scope, id);
    const { tables, remediation, tags, surroundings } = props;
    this.sweep = new JobFunction(this, 'sweep', surroundings);
    tables.useCases(this.sweep);
    // Ending a lock ends its claim on events as well.
    tables.useState(this.sweep);
    remediation.useStart(this.sweep);
    // What bears a tag is asked of the whole region, and takes no resource.
    if (tags.length > 0) this.sweep.allow({ actions: ['tag:GetResources'], resources: ['*'] });

    const failed = new DeadLetterQueue(this, 'Failed', {
      name: 'sweep',
      severity: 'high',
      meaning: 'Sweep failed three times in a row. It comes by again every five minutes: mend what its log names.',
      topic: surroundings.pageTopic,
    });
    // No longer than until the next one, which does all that this one should have done.
    this.sweep.keepFailuresIn(failed, EVERY);
    new Rule(this, 'Schedule', {
      ruleName: `${NAME_PREFIX}sweep`,
      description: 'Ends locks whose execution is lost',
      schedule: Schedule.rate(EVERY),
      targets: [
        new LambdaFunction(this.sweep.lambda, { retryAttempts: 2, maxEventAge: EVERY, deadLetterQueue: failed }),
      ],
    });
  }
}
