import { CfnOutput, CfnRule, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Job } from '../../shared/cases/own-roles.ts';
import type { CompiledPolicy } from '../../shared/config/compiled-policy.ts';
import { protectedArns } from '../../shared/config/protected.ts';
import { tagsOf } from '../../shared/config/tags-of.ts';
import { compileEventPatterns } from '../../shared/rules/event-patterns.ts';
import { AlertTopics } from '../constructs/alert-topics.ts';
import { Detection } from '../constructs/detection.ts';
import { EvidenceKeeping } from '../constructs/evidence.ts';
import { Guard } from '../constructs/guard.ts';
import type { JobSurroundings } from '../constructs/job-function.ts';
import { LedgerKey } from '../constructs/ledger-key.ts';
import { Notifying } from '../constructs/notifying.ts';
import { Operating } from '../constructs/operating.ts';
import { Quarantine } from '../constructs/quarantine.ts';
import { Reconciling } from '../constructs/reconciling.ts';
import { Recording } from '../constructs/recording.ts';
import { Remediation } from '../constructs/remediation.ts';
import { StopSwitch } from '../constructs/stop-switch.ts';
import { Sweeping } from '../constructs/sweeping.ts';
import { Tables } from '../constructs/tables.ts';

export type RescindStackProps = StackProps & {
  readonly compiled: CompiledPolicy;
  readonly codeOf: (job: Job) => Code;
  /** The account of the embedded AWS, for a stack that must not reach AWS. */
  readonly onlyInAccount?: string;
};

/** Wires the subsystems; each owns its resources, permissions and alarms. */
export class RescindStack extends Stack {
  constructor(scope: Construct, id: string, props: RescindStackProps) {
    super(scope, id, {
      description: 'Rescind takes AWS access back',
      ...props,
      // A security tool that one mistaken command deletes protects nothing.
      terminationProtection: props.onlyInAccount === undefined,
    });
    const { compiled, codeOf } = props;
    const { policy, rules } = compiled;
    const embedded = props.onlyInAccount !== undefined;

    const tags = tagsOf(policy);
    const tables = new Tables(this, 'Tables');
    const ledgerKey = new LedgerKey(this, 'LedgerKey');
    const quarantine = new Quarantine(this, 'Quarantine');
    const stopSwitch = new StopSwitch(this, 'StopSwitch');
    const guard = new Guard(this, 'Guard', {
      protectedArns: protectedArns(policy),
      quarantinePolicyArn: quarantine.policyArn,
    });
    const topics = new AlertTopics(this, 'Alerts', policy);
    const surroundings: JobSurroundings = { codeOf, guard: guard.policy, pageTopic: topics.page, embedded };

    const remediation = new Remediation(this, 'Remediation', {
      policy,
      tables,
      ledgerKey,
      quarantine,
      stopSwitch,
      surroundings,
    });
    const detection = new Detection(this, 'Detection', {
      patterns: compileEventPatterns(rules),
      policy,
      tables,
      remediation,
      surroundings,
    });
    const notifying = new Notifying(this, 'Notifying', { tables, topics, surroundings });
    const sweeping = new Sweeping(this, 'Sweeping', { tables, remediation, tags, surroundings });
    const operating = new Operating(this, 'Operating', { tables, remediation, surroundings });
    const evidence = new EvidenceKeeping(this, 'Evidence', { lock: policy.evidence, tables, surroundings });
    const recording = new Recording(this, 'Recording', { scope: policy.record, tags, tables, surroundings });
    const reconciling = new Reconciling(this, 'Reconciling', { tags, tables, detection, recording, surroundings });
    const ownRoles = [
      ...remediation.roles,
      detection.evaluate.role,
      notifying.notify.role,
      operating.operate.role,
      sweeping.sweep.role,
      recording.record.role,
      evidence.evidence.role,
      reconciling.reconcile.role,
    ];
    detection.leaveAlone(ownRoles);
    recording.leaveOut(ownRoles);
    reconciling.leaveOut(ownRoles);

    // The command line finds the stack by these.
    this.output('CasesTable', tables.cases.tableName, 'Cases, plans, ledger and outbox');
    this.output('StateTable', tables.state.tableName, 'Marks, lists and change windows');
    this.output('AccessTable', tables.access.tableName, 'Who accessed what and when');
    this.output('EvidenceBucket', evidence.bucket.bucketName, 'What the subjects of cases did');
    this.output('StateMachineArn', remediation.machine.stateMachineArn, 'Takes access back and gives it back');
    this.output('OperateUrl', operating.url, 'Takes the signed orders of operators');
    this.output('PageTopicArn', topics.page.topicArn, 'Alerts that wake somebody');
    this.output('InformationTopicArn', topics.information.topicArn, 'Alerts that can be read in the morning');
    this.output('TicketsTopicArn', topics.tickets.topicArn, 'One message for each case that a ticket is due for');
    this.output('EventBusName', 'default', 'The bus that CloudTrail records arrive on');
    this.output('QuarantinePolicyArn', quarantine.policyArn, 'Attached to whoever is contained');
    this.output('StopParameter', stopSwitch.parameter.parameterName, 'Anything but off stops all containment');
    this.output('PolicyVersion', compiled.version, 'Hash of the policy and rules that the functions run with');

    if (props.onlyInAccount !== undefined) this.refuseOtherAccounts(props.onlyInAccount);
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }

  /** The template itself says no, should somebody carry it past the CDK's command line to AWS. */
  private refuseOtherAccounts(account: string): void {
    new CfnRule(this, 'OnlyOnTheEmbeddedAws', {
      assertions: [
        {
          assert: Fn.conditionEquals(Fn.ref('AWS::AccountId'), account),
          assertDescription: 'Synthesised with --context local=true, whose times are too short for a real account.',
        },
      ],
    });
  }
}
