import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, ArnPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Policy } from '../../shared/config/policy.ts';
import { EVIDENCE_PREFIX } from '../../shared/evidence/evidence.ts';
import { followCases } from './cases-stream.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { JobFunction, type JobSurroundings } from './job-function.ts';
import { EVIDENCE_KEY_ALIAS } from './names.ts';
import type { Tables } from './tables.ts';

/**
 * Keeps what the subject of each new case did, in a bucket that only this function writes to. It follows the stream of the
 * cases, so a containment neither waits for it nor learns of its failure; the case says it.
 */
export class EvidenceKeeping extends Construct {
  readonly evidence: JobFunction;
  readonly bucket: Bucket;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly lock: Policy['evidence'];
      readonly tables: Tables;
      readonly surroundings: JobSurroundings;
    },
  ) {
    super(scope, id);
    const { tables, surroundings } = props;
    this.evidence = new JobFunction(this, 'evidence', surroundings);
    this.evidence.neverInvokedAsynchronously();
    tables.useCasesForEvidence(this.evidence);
    tables.useAccessReading(this.evidence);
    // CloudTrail's history is the account's, and takes no resource.
    this.evidence.allow({ actions: ['cloudtrail:LookupEvents'], resources: ['*'] });

    const key = new Key(this, 'Key', {
      alias: EVIDENCE_KEY_ALIAS,
      description: 'Encrypts the evidence of Rescind. Without it none can be read again.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = this.bucketOf(key, props.lock);
    this.onlyTheFunctionWrites();
    this.evidence.allow({ actions: ['kms:GenerateDataKey'], resources: [key.keyArn] });
    this.evidence.setEnvironment('EVIDENCE_BUCKET', this.bucket.bucketName);

    followCases(this.evidence, {
      tables,
      sortKey: ['META'],
      batchSize: 1,
      maximumRetryAttempts: 5,
      // As long as a stream keeps anything: in a storm of cases the last one waits.
      maximumRecordAgeInSeconds: 24 * 3600,
      onFailure: new DeadLetterQueue(this, 'Failed', {
        name: 'evidence',
        severity: 'medium',
        meaning: 'Cases have no evidence kept: each says why. Mend, and ask instead: rescind what PRINCIPAL.',
        topic: surroundings.pageTopic,
      }),
    });
  }

  private bucketOf(key: Key, { lockDays }: Policy['evidence']): Bucket {
    const common = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    };
    // S3 delivers access logs only to a bucket under its own keys and without a lock.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    const readers = new Bucket(this, 'Readers', {
      ...common,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(30) }],
    });
    const bucket = new Bucket(this, 'Bucket', {
      ...common,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      ...(lockDays === undefined
        ? {}
        : {
            objectLockEnabled: true,
            // Governance, and not compliance: what nobody at all can delete, a mistake keeps for good as well.
            objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(lockDays)),
          }),
    });
    noteReaders(bucket, readers);
    return bucket;
  }

  /** Said by the bucket, so that it holds for administrators of the account too, as long as they leave it alone. */
  private onlyTheFunctionWrites(): void {
    const { roleArn } = this.evidence.role;
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OurFunctionWrites',
        effect: Effect.ALLOW,
        principals: [new ArnPrincipal(roleArn)],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${EVIDENCE_PREFIX}*`)],
      }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyElseWrites',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': roleArn } },
      }),
    );
  }
}

/** Who read the evidence is delivered into another bucket, in the course of hours. */
function noteReaders(bucket: Bucket, into: Bucket): void {
  const { defaultChild } = bucket.node;
  if (!(defaultChild instanceof CfnBucket)) throw new Error('The bucket of evidence is no CloudFormation bucket.');
  defaultChild.loggingConfiguration = { destinationBucketName: into.bucketName, logFilePrefix: READERS_PREFIX };
  into.addToResourcePolicy(
    new PolicyStatement({
      sid: 'S3DeliversAccessLogs',
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [into.arnForObjects(`${READERS_PREFIX}*`)],
      conditions: {
        ArnLike: { 'aws:SourceArn': bucket.bucketArn },
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      },
    }),
  );
}

const READERS_PREFIX = 'evidence/';
