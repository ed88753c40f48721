import { ArnFormat, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Policy } from '../../shared/config/policy.ts';
import { LONGEST_LOCK_SECONDS } from '../../shared/config/policy-defaults.ts';
import { READS } from '../../shared/containment/reads.ts';
import { acknowledge, TAKES_NO_RESOURCE } from '../checks/acknowledgements.ts';
import { checkAsl } from '../checks/asl-check.ts';
import { Alarm } from './alarm.ts';
import { allowReads, allowWrites } from './iam-permissions.ts';
import {
  allowIdentityCenterReads,
  allowPermissionSetReads,
  allowPermissionSetWrites,
} from './identity-center-permissions.ts';
import { JobFunction, type JobSurroundings } from './job-function.ts';
import { TASK_TIMEOUT_SECONDS } from './jobs.ts';
import type { LedgerKey } from './ledger-key.ts';
import { MACHINE_NAME } from './names.ts';
import type { Quarantine } from './quarantine.ts';
import { remediationDefinition } from './remediation-definition.ts';
import type { StopSwitch } from './stop-switch.ts';
import type { Tables } from './tables.ts';

export type RemediationProps = {
  readonly policy: Pick<Policy, 'approval' | 'guard' | 'identityCenter' | 'mode' | 'timing'>;
  readonly tables: Tables;
  readonly ledgerKey: LedgerKey;
  readonly quarantine: Quarantine;
  readonly stopSwitch: StopSwitch;
  readonly surroundings: JobSurroundings;
};

/** The state machine that takes access back and gives it back, and the five functions that it calls. */
export class Remediation extends Construct {
  readonly machine: StateMachine;
  /** Of the machine and of each of its functions. */
  readonly roles: readonly Role[];

  constructor(scope: Construct, id: string, props: RemediationProps) {
    super(scope, id);
    const functions = this.functions(props);
    const definition = remediationDefinition({
      functions: {
        plan: functions.plan.lambda.functionArn,
        contain: functions.contain.lambda.functionArn,
        revert: functions.revert.lambda.functionArn,
        verify: functions.verify.lambda.functionArn,
        restore: functions.restore.lambda.functionArn,
      },
      approvalTimeoutSeconds: props.policy.approval.timeoutSeconds,
      longestHoldSeconds:
        LONGEST_LOCK_SECONDS +
        Math.max(props.policy.timing.holdUserSeconds, props.policy.timing.holdSessionSeconds) +
        props.policy.timing.sessionMarginSeconds,
      taskTimeoutSeconds: TASK_TIMEOUT_SECONDS,
      wakesContain: props.policy.mode === 'enforce',
    });
    this.node.addValidation({
      validate: () => checkAsl(definition).map(({ state, problem }) => `State "${state}": ${problem}`),
    });

    const role = new Role(this, 'Role', {
      roleName: MACHINE_NAME,
      description: 'Calls the functions of one containment or release',
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      managedPolicies: [props.surroundings.guard],
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: Object.values(functions).map(({ lambda }) => lambda.functionArn),
      }),
    );
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: MACHINE_NAME,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Log', {
          // The prefix keeps the log resource policy, which has a limit, from growing with every machine of the account.
          logGroupName: `/aws/vendedlogs/states/${MACHINE_NAME}`,
          retention: RetentionDays.ONE_YEAR,
          // Its name is fixed, so a log that stays would stand in the way of the next deployment.
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        // The steps of a containment are evidence, and few. Without data, for that holds the task token of an approval.
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', TAKES_NO_RESOURCE);
    this.roles = [...Object.values(functions).map((job) => job.role), role];
    this.alarms(props.surroundings);
  }

  useStart(job: JobFunction): void {
    job.allow({ actions: ['states:StartExecution'], resources: [this.machine.stateMachineArn] });
    job.setEnvironment('STATE_MACHINE_ARN', this.machine.stateMachineArn);
  }

  /** For a function that the machine itself calls: by its name, or each would have to be made before the other. */
  private useOwnStart(job: JobFunction): void {
    const arn = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: MACHINE_NAME,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    job.allow({ actions: ['states:StartExecution'], resources: [arn] });
    job.setEnvironment('STATE_MACHINE_ARN', arn);
  }

  /** Answering an approval: the token says which execution. */
  useAnswer(job: JobFunction): void {
    job.allow({ actions: ['states:SendTaskSuccess'], resources: [this.machine.stateMachineArn] });
  }

  private functions({ policy, tables, ledgerKey, quarantine, stopSwitch, surroundings }: RemediationProps) {
    const make = (job: 'plan' | 'contain' | 'revert' | 'verify' | 'restore') => {
      const made = new JobFunction(this, job, surroundings);
      made.neverInvokedAsynchronously();
      tables.useCases(made);
      // Whichever of them ends a case, ends its claim on events as well.
      tables.useState(made);
      quarantine.useArn(made);
      allowReads(made, READS[job]);
      return made;
    };
    const plan = make('plan');
    stopSwitch.useRead(plan);
    tables.useAccessReading(plan);
    this.useOwnStart(plan);
    const { identityCenter: center } = policy;
    if (center !== undefined) allowIdentityCenterReads(plan, center);
    const contain = make('contain');
    stopSwitch.useRead(contain);
    ledgerKey.useGenerate(contain);
    allowWrites(contain, 'contain', {
      quarantinePolicyArn: quarantine.policyArn,
      tagsHeld: policy.guard !== undefined,
    });
    const revert = make('revert');
    stopSwitch.useRead(revert);
    ledgerKey.useGenerate(revert);
    allowWrites(revert, 'revert', { quarantinePolicyArn: quarantine.policyArn });
    const verify = make('verify');
    tables.useAccessReading(verify);
    this.useOwnStart(verify);
    const restore = make('restore');
    ledgerKey.useVerify(restore);
    // Also where the guard is no longer named: what was tagged before must come back.
    allowWrites(restore, 'undo', { quarantinePolicyArn: quarantine.policyArn, tagsHeld: true });
    if (center?.contain === true) {
      allowIdentityCenterReads(revert, center);
      for (const job of [plan, revert, verify, restore]) allowPermissionSetReads(job, center);
      allowPermissionSetWrites(revert, 'revert', center);
      allowPermissionSetWrites(restore, 'undo', center);
    }
    return { plan, contain, revert, verify, restore };
  }

  private alarms({ pageTopic: topic }: JobSurroundings): void {
    const options = { statistic: 'Sum', period: Duration.minutes(1) };
    new Alarm(this, 'ExecutionsFailed', {
      name: 'executions-failed',
      severity: 'critical',
      meaning: 'A containment or a release did not finish. The case says where; the execution says why.',
      metric: this.machine.metricFailed(options),
      topic,
    });
    new Alarm(this, 'ExecutionsTimedOut', {
      name: 'executions-timed-out',
      severity: 'critical',
      meaning: 'A containment or a release ran longer than any should. Look at the case and at its execution.',
      metric: this.machine.metricTimedOut(options),
      topic,
    });
    new Alarm(this, 'ExecutionsAborted', {
      name: 'executions-aborted',
      severity: 'critical',
      meaning: 'Somebody stopped a containment or a release by hand. Find out who, and finish it.',
      metric: this.machine.metricAborted(options),
      topic,
    });
  }
}
