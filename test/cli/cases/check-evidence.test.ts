import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { checkEvidence } from '../../../cli/cases/check-evidence.ts';
import { evidenceLink } from '../../../cli/cases/evidence-links.ts';
import { evidenceLines } from '../../../cli/cases/render-evidence.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import type { Connection } from '../../../cli/stack/connect.ts';
import type { Evidence, EvidenceObject } from '../../../shared/evidence/evidence.ts';

let aws: EmbeddedAws;
let s3: S3Client;
let connection: Connection;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const config = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'evidence' }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'evidence', VersioningConfiguration: { Status: 'Enabled' } }));
  connection = connectionTo(config);
}, 60_000);
afterAll(() => aws.stop());

function connectionTo(config: Connection['config']): Connection {
  return {
    config,
    region: 'us-east-1',
    account: '111122223333',
    caller: 'arn:aws:iam::111122223333:user/me',
    output: (name: string) => (name === 'EvidenceBucket' ? 'evidence' : 'other'),
    where: 'here',
    get store(): never {
      throw new Error('the store is not asked');
    },
  };
}

async function put(key: string, text: string): Promise<EvidenceObject> {
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket: 'evidence', Key: key, Body: text }));
  return {
    key,
    versionId: VersionId,
    sha256: hash('sha256', text),
    bytes: Buffer.byteLength(text),
  };
}
async function keep(log: EvidenceObject): Promise<Extract<Evidence, { kind: 'kept' }>> {
  return {
    kind: 'kept',
    at: '2026-11-20T02:15:00.000Z',
    from: '2026-11-13T02:14:10.000Z',
    to: '2026-11-20T02:14:20.000Z',
    events: 1,
    sources: [{ name: 'CloudTrail', events: 1, lacks: ['it was \u001b[2Jcut'] }],
    log,
    page: await put('cases/C-1/activity.html', '<!doctype html>'),
  };
}

describe('evidence that is fetched', () => {
  test('is sound where it is what the case names, and lies in the folder then', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rescind-evidence-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const evidence = await keep(await put('cases/C-1/activity.jsonl', '{"a":1}\n'));
    const { isSound, lines, files } = await checkEvidence(connection, evidence, join(folder, 'new'));
    expect(isSound).toBe(true);
    expect(lines.join('\n')).toContain('as written');
    expect(readFileSync(join(folder, 'new', 'activity.jsonl'), 'utf8')).toBe('{"a":1}\n');
    expect(files.map(({ file }) => existsSync(file))).toEqual([true, true]);
  });

  test('is the version that the case names, whatever was written over it since', async () => {
    const log = await put('cases/C-1/activity.jsonl', 'the first\n');
    await put('cases/C-1/activity.jsonl', 'somebody’s\n');
    expect((await checkEvidence(connection, await keep(log), undefined)).isSound).toBe(true);
  });

  test('is told as NOT AS WRITTEN where the bytes are others', async () => {
    const log = await put('cases/C-1/activity.jsonl', 'changed\n');
    const evidence = await keep({ ...log, sha256: hash('sha256', 'as it was\n') });
    const { isSound, lines } = await checkEvidence(connection, evidence, undefined);
    expect(isSound).toBe(false);
    expect(lines.at(-2)).toContain('NOT AS WRITTEN activity.jsonl');
    expect(lines.at(-1)).toContain('as written    activity.html');
  });

  test('that is gone is one sentence with what is needed to read it', async () => {
    const gone = { ...(await put('cases/C-1/activity.jsonl', 'x')), key: 'cases/C-1/nothing.jsonl' };
    await expect(checkEvidence(connection, await keep(gone), undefined)).rejects.toThrow(
      /The bucket answered 404 for cases\/C-1\/nothing.jsonl.*s3:GetObjectVersion/s,
    );
  });

  test.each<[string, Evidence | undefined, string]>([
    ['was never tried', undefined, 'none yet'],
    ['failed', { kind: 'failed', at: '2026-11-20T02:15:00.000Z', reason: 'NoSuchBucket: \u0007' }, 'NOT KEPT'],
  ])('is not sound where it %s', async (_, evidence, words) => {
    const { isSound, lines } = await checkEvidence(connection, evidence, undefined);
    expect(isSound).toBe(false);
    expect(lines.join('\n')).toContain(words);
    expect(lines.join('\n')).not.toContain('\u0007');
  });
});

describe('a link to evidence', () => {
  const object = { key: 'cases/C-1/activity.html', versionId: 'v1', sha256: '', bytes: 1 };
  const credentials = { accessKeyId: 'AKIAEXAMPLE1', secretAccessKey: 'x' };

  test('on AWS names bucket, version and a quarter of an hour, signed with the credentials of the caller', async () => {
    const link = new URL(await evidenceLink(connectionTo({ region: 'us-east-1', credentials }), object));
    expect(link.origin).toBe('https://evidence.s3.us-east-1.amazonaws.com');
    expect(link.pathname).toBe('/cases/C-1/activity.html');
    expect(link.searchParams.get('versionId')).toBe('v1');
    expect(link.searchParams.get('X-Amz-Expires')).toBe('900');
    expect(link.searchParams.get('X-Amz-Credential')).toMatch(/^AKIAEXAMPLE1\/\d{8}\/us-east-1\/s3\/aws4_request$/);
    expect(link.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    'https://evil.example/cases/C-1/activity.html',
    '//evil.example/cases/C-1/activity.html',
    'cases/../../other/activity.html',
    'cases/C-1/.bashrc',
    'cases/C-1/activity.html?x=',
    '/cases/C-1/activity.html',
  ])('leads nowhere but to what Rescind writes, whatever the case names: %s', async (key) => {
    const connected = connectionTo({ region: 'us-east-1', credentials });
    await expect(evidenceLink(connected, { ...object, key })).rejects.toThrow('somebody changed the case');
  });
});

test('what the evidence lacks is shown without the power of its text', async () => {
  const lines = evidenceLines(await keep(await put('cases/C-1/activity.jsonl', 'x'))).join('\n');
  expect(lines).toContain('it was \\u{1b}[2Jcut');
});
