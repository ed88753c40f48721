import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Effect,
  type IManagedPolicy,
  PolicyStatement,
  type PolicyStatementProps,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Job, ownRoleName } from '../../shared/cases/own-roles.ts';
import { FUNCTION_ENVIRONMENT, type VariableName } from '../../shared/config/environment.ts';
import { acknowledge, TAKES_NO_RESOURCE } from '../checks/acknowledgements.ts';
import { Alarm } from './alarm.ts';
import { JOB_FACTS } from './jobs.ts';

/** What all functions have in common, decided once by the stack. */
export type JobSurroundings = {
  readonly codeOf: (job: Job) => Code;
  readonly guard: IManagedPolicy;
  readonly pageTopic: ITopic;
  /** The stack is for the embedded AWS and cannot reach AWS. */
  readonly embedded: boolean;
};

/** What every function runs on. */
export const RUNTIME = Runtime.NODEJS_24_X;

/** One function with a role, a log and an alarm of its own. Every function of Rescind is made here, and alike. */
export class JobFunction extends Construct {
  readonly job: Job;
  readonly lambda: LambdaFunction;
  readonly role: Role;
  private readonly environment = new Set<VariableName>();

  constructor(scope: Construct, job: Job, surroundings: JobSurroundings) {
    super(scope, titleCase(job));
    this.job = job;
    const facts = JOB_FACTS[job];
    const name = ownRoleName(job);

    this.role = new Role(this, 'Role', {
      roleName: name,
      description: facts.description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [surroundings.guard],
    });
    const logGroup = new LogGroup(this, 'Log', {
      // A year answers most audits; the cases themselves are kept for good.
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] });

    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: name,
      description: facts.description,
      runtime: RUNTIME,
      architecture: Architecture.ARM_64,
      code: surroundings.codeOf(job),
      handler: 'handler.handler',
      role: this.role,
      timeout: Duration.seconds(facts.timeoutSeconds),
      memorySize: facts.memoryMb,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      ...(facts.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: facts.reservedConcurrency }),
    });
    acknowledge(this.role, 'AwsSolutions-IAM5[Resource::*]', TAKES_NO_RESOURCE);

    const variables: readonly VariableName[] = FUNCTION_ENVIRONMENT[job];
    if (variables.includes('EMBEDDED_AWS')) this.setEnvironment('EMBEDDED_AWS', String(surroundings.embedded));
    this.node.addValidation({ validate: () => this.environmentProblems() });

    new Alarm(this, 'Errors', {
      name: `${job}-errors`,
      severity: facts.severity,
      meaning: facts.errorMeans,
      metric: this.lambda.metricErrors({ statistic: 'Sum' }),
      topic: surroundings.pageTopic,
    });
  }

  /** Only Step Functions, a stream or a URL calls it, and all of them are told when it fails. */
  neverInvokedAsynchronously(): void {
    acknowledge(this.lambda, 'Serverless-LambdaDLQ', FAILURES_ARE_KEPT);
  }

  /** Invoked asynchronously: what failed three times is kept. A destination and not a dead-letter queue, for it keeps the error as well. */
  keepFailuresIn(queue: IQueue, maxEventAge: Duration): void {
    this.lambda.configureAsyncInvoke({ retryAttempts: 2, maxEventAge, onFailure: new SqsDestination(queue) });
    acknowledge(this.lambda, 'Serverless-LambdaDLQ', FAILURES_ARE_KEPT);
  }

  allow(statement: PolicyStatementProps): void {
    this.role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, ...statement }));
  }

  setEnvironment(name: VariableName, value: string): void {
    this.environment.add(name);
    this.lambda.addEnvironment(name, value);
  }

  /** A variable that is missing would be found at the first cold start, and one too many is a permission too many. */
  private environmentProblems(): string[] {
    const wanted = new Set<VariableName>(FUNCTION_ENVIRONMENT[this.job]);
    return [
      ...[...wanted].filter((name) => !this.environment.has(name)).map((name) => `${this.job} is not given ${name}`),
      ...[...this.environment].filter((name) => !wanted.has(name)).map((name) => `${this.job} does not read ${name}`),
    ];
  }
}

function titleCase(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

const FAILURES_ARE_KEPT =
  'A dead-letter target would stay empty: either nobody invokes it asynchronously, and the caller gets the error and retries, or an on-failure destination keeps the event with its error.';
