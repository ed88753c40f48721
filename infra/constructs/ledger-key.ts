import { Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { JobFunction } from './job-function.ts';
import { LEDGER_KEY_ALIAS } from './names.ts';

/**
 * Authenticates the entries of the ledger: what a release writes into IAM is what contain read from it. Making codes and
 * checking them are two permissions, so whoever gives access back cannot make up what was there.
 */
export class LedgerKey extends Construct {
  private readonly key: Key;
  private readonly makers: string[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: LEDGER_KEY_ALIAS,
      description: 'Authenticates what Rescind wrote into its ledger. Without it nothing of that is given back.',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      // It outlives the stack with the table of cases: open containments need both.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyWhoWritesTheLedgerMakesCodes',
        effect: Effect.DENY,
        // IAM of the account decides who may use the key, so administrators could: for them it is denied here.
        principals: [new AnyPrincipal()],
        actions: ['kms:GenerateMac'],
        resources: ['*'],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.makers }) } },
      }),
    );
  }

  /** To write new entries, and to read them again. */
  useGenerate(job: JobFunction): void {
    this.makers.push(job.role.roleArn);
    job.allow({ actions: ['kms:GenerateMac', 'kms:VerifyMac'], resources: [this.key.keyArn] });
    job.setEnvironment('LEDGER_KEY_ARN', this.key.keyArn);
  }

  /** To act on entries that somebody else wrote. */
  useVerify(job: JobFunction): void {
    job.allow({ actions: ['kms:VerifyMac'], resources: [this.key.keyArn] });
    job.setEnvironment('LEDGER_KEY_ARN', this.key.keyArn);
  }
}
