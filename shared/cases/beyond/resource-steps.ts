import { commandWord } from './command-word.ts';

/** How to see who is let in by the resource itself: its own policy, where it has one. */
export function resourcePolicySteps(arn: string | undefined): readonly string[] {
  const command = arn === undefined ? undefined : policyCommand(arn);
  return command === undefined
    ? [
        'See what is open to the outside, in the console under IAM / Access analyzer / Findings: aws accessanalyzer list-analyzers',
        'With the ARN that this prints: aws accessanalyzer list-findings-v2 --analyzer-arn ANALYZER-ARN',
      ]
    : [`See whom the policy of ${arn} lets in: ${command}`];
}

/** The bucket of an S3 ARN, that of an object included. */
export function bucketOf(arn: string | undefined): string | undefined {
  return /^arn:[^:]+:s3:::([^/]+)/.exec(arn ?? '')?.[1];
}

function policyCommand(arn: string): string | undefined {
  const word = commandWord(arn, 'RESOURCE-ARN');
  const bucket = bucketOf(arn);
  if (bucket !== undefined) return `aws s3api get-bucket-policy --bucket ${commandWord(bucket, 'BUCKET')}`;
  switch (arn.split(':')[2]) {
    case 'kms':
      return `aws kms get-key-policy --policy-name default --key-id ${word}`;
    case 'secretsmanager':
      return `aws secretsmanager get-resource-policy --secret-id ${word}`;
    case 'lambda':
      return `aws lambda get-policy --function-name ${word}`;
    case 'sns':
      return `aws sns get-topic-attributes --topic-arn ${word}`;
    case 'dynamodb':
      return `aws dynamodb get-resource-policy --resource-arn ${word}`;
    default:
      return undefined;
  }
}

/** Nobody signed the call, so the resource is open to everybody. */
export function anonymousSteps(arn: string | undefined): readonly string[] {
  const bucket = bucketOf(arn);
  return [
    ...(bucket === undefined
      ? []
      : [
          `Close the bucket, in the console under S3 / ${bucket} / Permissions / Block public access: aws s3api put-public-access-block --bucket ${commandWord(bucket, 'BUCKET')} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`,
        ]),
    ...resourcePolicySteps(arn),
    'Take what is granted to everybody ("Principal": "*") out of it, and do the same for every resource that the records of the case name.',
    'What was read is known: rotate what is secret in it.',
  ];
}
