import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';
import { DEPLOYMENT, folder, POLICY } from './synthesised.ts';

async function templateOf(policy: string): Promise<Template> {
  const files = folder({ ...DEPLOYMENT, 'rescind.yaml': policy }, afterAll);
  const building = await buildApp({
    policyFile: join(files, 'rescind.yaml'),
    functionsFolder: join(files, 'functions'),
    outputFolder: join(files, 'out'),
    local: true,
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  return Template.fromStack(building.stack);
}

let template = Template.fromJSON({ Resources: {} });
let locked = template;
beforeAll(async () => {
  [template, locked] = await Promise.all([templateOf(POLICY), templateOf(`${POLICY}evidence: { lock: 90 d }\n`)]);
});

const bucketOf = (of: Template) => {
  const [found] = Object.entries(of.findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('EvidenceBucket'));
  if (found === undefined) throw new Error('The template has no bucket of evidence.');
  const [id, resource] = found;
  return { id, ...resource, Properties: resource.Properties };
};

describe('the bucket of evidence', () => {
  test('keeps every version, encrypted by a key of its own, closed to the public, and outlives the stack', () => {
    expect(bucketOf(template)).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
      },
    });
    template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      Properties: { Description: Match.stringLikeRegexp('evidence'), EnableKeyRotation: true },
    });
  });

  test('is locked where the policy says so, for so many days, and not otherwise', () => {
    expect(bucketOf(locked).Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 90 } } },
    });
    expect(bucketOf(template).Properties).not.toHaveProperty('ObjectLockEnabled');
  });

  test('takes TLS only, and objects from the function alone, below one prefix', () => {
    const { id } = bucketOf(template);
    const policies = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    const [policy] = policies.filter(({ Properties }) => Properties.Bucket.Ref === id);
    const statements: readonly object[] = policy?.Properties.PolicyDocument.Statement;
    const role = { 'Fn::GetAtt': [expect.stringMatching(/^EvidenceRole/), 'Arn'] };
    const below = (path: string) => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, path]] });
    expect(statements).toHaveLength(3);
    expect(statements).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
        expect.objectContaining({
          Effect: 'Allow',
          Action: 's3:PutObject',
          Principal: { AWS: role },
          Resource: below('/cases/*'),
        }),
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:PutObject',
          Principal: { AWS: '*' },
          Resource: below('/*'),
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': role } },
        }),
      ]),
    );
  });

  test('has who read it written into another one', () => {
    expect(bucketOf(template).Properties.LoggingConfiguration).toEqual({
      DestinationBucketName: { Ref: expect.stringMatching(/^EvidenceReaders/) },
      LogFilePrefix: 'evidence/',
    });
  });
});

test('evidence follows new cases and nothing else of the table, and what fails to the end is kept under an alarm', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FilterCriteria: {
      Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: ['META'] } } } }) }],
    },
    FunctionName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EvidenceFunction'), 'Arn'] },
    DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'Rescind-evidence-dead-letters' });
});
