import { ManagedPolicy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { QUARANTINE_POLICY_NAME, quarantineDocument } from '../../shared/containment/documents.ts';
import type { JobFunction } from './job-function.ts';

/** The deny-all policy, made before it is needed, so that taking access back is one call. */
export class Quarantine extends Construct {
  readonly policyArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: QUARANTINE_POLICY_NAME,
      description:
        'Attached by Rescind to a principal whose access was taken back. Release it with: rescind release CASE',
      // The same bytes that are put inline where the managed policy cannot be attached.
      document: PolicyDocument.fromJson(JSON.parse(quarantineDocument())),
    });
    this.policyArn = policy.managedPolicyArn;
  }

  /** The name only; who may attach it says `allowWrites`. */
  useArn(job: JobFunction): void {
    job.setEnvironment('QUARANTINE_POLICY_ARN', this.policyArn);
  }
}
