import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  CfnTable,
  ProjectionType,
  StreamViewType,
  Table,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { taggedItems } from '../../shared/aws/case-items.ts';
import type { VariableName } from '../../shared/config/environment.ts';
import type { JobFunction } from './job-function.ts';

/** What a function may do with items; nobody may delete a table, scan one or write in batches past a condition. */
const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:ConditionCheckItem'];
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

const COMMON = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  timeToLiveAttribute: 'ttl',
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
} satisfies TableProps;

/** Three tables, so that a flood in one takes nothing from the others: see the architecture's "Three tables". */
export class Tables extends Construct {
  /** Who accessed what and when. Evidence, so it outlives the stack. */
  readonly access: Table;
  /** Marks, lists and change windows: where a flood lands. */
  readonly state: Table;
  /** Cases, plans, the write-ahead ledger, holds, approvals and the outbox. */
  readonly cases: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.access = new Table(this, 'Access', { ...COMMON, removalPolicy: RemovalPolicy.RETAIN });
    this.access.addGlobalSecondaryIndex({
      indexName: 'by-resource',
      partitionKey: { name: 'resource', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    // Sparse: only the items of a session carry the key.
    this.access.addGlobalSecondaryIndex({
      indexName: 'by-session',
      partitionKey: { name: 'session', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.state = new Table(this, 'State', { ...COMMON, removalPolicy: RemovalPolicy.DESTROY });
    this.cases = new Table(this, 'Cases', {
      ...COMMON,
      stream: StreamViewType.NEW_IMAGE,
      // The ledger says how to give every access back: losing it loses that.
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** As CloudFormation and cdk-nag call the cases table. */
  get casesLogicalId(): string {
    const { defaultChild } = this.cases.node;
    if (!(defaultChild instanceof CfnTable)) throw new Error('The cases table is no CloudFormation table.');
    return Stack.of(this).resolve(defaultChild.logicalId);
  }

  useCases(job: JobFunction): void {
    this.use(job, this.cases, 'CASES_TABLE');
  }

  /** What a case is about is read; of its items one attribute is written, which none but that of the evidence has. */
  useCasesForEvidence(job: JobFunction): void {
    const ofCases = { 'dynamodb:LeadingKeys': ['CASE#*'] };
    job.allow({
      actions: ['dynamodb:Query'],
      resources: [this.cases.tableArn],
      conditions: { 'ForAllValues:StringLike': ofCases },
    });
    job.allow({
      actions: ['dynamodb:UpdateItem'],
      resources: [this.cases.tableArn],
      conditions: {
        'ForAllValues:StringLike': ofCases,
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'evidence'] },
        StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE'] },
      },
    });
    job.setEnvironment('CASES_TABLE', this.cases.tableName);
  }

  /** Accesses are added and counted; nobody who adds them can read them out or delete one. */
  useAccess(job: JobFunction): void {
    job.allow({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [this.access.tableArn],
    });
    job.setEnvironment('ACCESS_TABLE', this.access.tableName);
  }

  /** Who accessed what, and in which session, is asked by key, and nothing of it changed. */
  useAccessReading(job: JobFunction): void {
    job.allow({
      actions: ['dynamodb:Query'],
      resources: [this.access.tableArn, `${this.access.tableArn}/index/by-resource`],
    });
    job.setEnvironment('ACCESS_TABLE', this.access.tableName);
  }

  /** What was seen together is noted, and since when: of the state table these items alone. */
  useFirstSeen(job: JobFunction): void {
    job.allow({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [this.state.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['SEEN#*', 'RECORDED'] } },
    });
    job.setEnvironment('STATE_TABLE', this.state.tableName);
  }

  /** Which resources bear a tag of the policy is read, where it names one: of the state table these items alone. */
  useTagged(job: JobFunction, tags: readonly string[]): void {
    if (tags.length > 0) {
      job.allow({
        actions: ['dynamodb:Query'],
        resources: [this.state.tableArn],
        conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [taggedItems.pk] } },
      });
    }
    job.setEnvironment('STATE_TABLE', this.state.tableName);
  }

  useState(job: JobFunction): void {
    this.use(job, this.state, 'STATE_TABLE');
  }

  private use(job: JobFunction, table: Table, name: VariableName): void {
    job.allow({ actions: [...READ, ...WRITE], resources: [table.tableArn] });
    job.setEnvironment(name, table.tableName);
  }
}
