import { hash } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { createEvidenceStore } from '../../../shared/aws/evidence-store.ts';
import { readEvidence } from '../../../shared/aws/read-evidence.ts';
import type { Evidence } from '../../../shared/evidence/evidence.ts';

let aws: EmbeddedAws;
let s3: S3Client;
let dynamo: DynamoDBClient;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const config = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  dynamo = new DynamoDBClient(config);
  for (const Bucket of ['evidence', 'unversioned']) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'evidence', VersioningConfiguration: { Status: 'Enabled' } }));
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'cases',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}, 60_000);
afterAll(() => aws.stop());

const store = (bucket = 'evidence') => createEvidenceStore({ s3, dynamo }, { bucket, table: 'cases' });
const sha256 = (text: string) => hash('sha256', text);
const object = (text: string, digestOf = text) => ({
  key: 'cases/C-1/activity.jsonl',
  sha256: sha256(digestOf),
  body: Buffer.from(text),
});
const kept = (at: string): Evidence => ({
  kind: 'kept',
  at,
  from: '2026-11-13T00:00:00.000Z',
  to: at,
  events: 1,
  sources: [{ name: 'CloudTrail', events: 1, lacks: [] }],
  log: { key: 'cases/C-1/activity.jsonl', versionId: at, sha256: sha256(''), bytes: 1 },
  page: { key: 'cases/C-1/activity.html', versionId: at, sha256: sha256(''), bytes: 1 },
});
const failed = (at: string): Evidence => ({ kind: 'failed', at, reason: 'NoSuchBucket' });

describe('an object of evidence', () => {
  test('written twice has two versions, each with its own bytes', async () => {
    const [first, second] = [await store().put(object('one\n')), await store().put(object('two\n'))];
    expect(first).not.toBe(second);
    for (const [VersionId, text] of [
      [first, 'one\n'],
      [second, 'two\n'],
    ]) {
      const { Body } = await s3.send(
        new GetObjectCommand({ Bucket: 'evidence', Key: 'cases/C-1/activity.jsonl', VersionId }),
      );
      expect(await Body?.transformToString()).toBe(text);
    }
  });

  test('is refused by a bucket that keeps no versions', async () => {
    await expect(store('unversioned').put(object('one\n'))).rejects.toThrow('unversioned keeps no versions');
  });
});

describe('what a case says of its evidence', () => {
  const EARLY = '2026-11-20T02:00:00.000Z';
  const LATE = '2026-11-20T02:05:00.000Z';

  test.each<[string, readonly Evidence[], Evidence | undefined]>([
    ['nothing before it was tried', [], undefined],
    ['the last that was written, in order', [kept(EARLY), kept(LATE)], kept(LATE)],
    ['the last that was written, in the other order', [kept(LATE), kept(EARLY)], kept(LATE)],
    ['why it failed, the last time', [failed(EARLY), failed(LATE)], failed(LATE)],
    ['what was kept after a failure', [failed(LATE), kept(EARLY)], kept(EARLY)],
    ['what was kept before a failure', [kept(EARLY), failed(LATE)], kept(EARLY)],
  ])('is %s', async (name, written, expected) => {
    const caseId = `C-${sha256(name).slice(0, 8)}`;
    for (const evidence of written) await store().note(caseId, evidence);
    expect(await readEvidence(dynamo, 'cases', caseId)).toEqual(expected);
  });
});
