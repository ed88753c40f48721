import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { type AccessEntry, entriesOf } from '../../../shared/access/access-entry.ts';
import { accessKeys, RESOURCE_SHARDS, SENSITIVE_SHARDS } from '../../../shared/aws/access-items.ts';
import { createAccessStore } from '../../../shared/aws/access-store.ts';
import type { AccessStore } from '../../../shared/ports/access-store.ts';
import { createAccessTable } from '../../support/access-table.ts';
import { anEvent, SESSION } from '../access/an-event.ts';

const TABLE = 'access';
let aws: EmbeddedAws;
let client: DynamoDBClient;
let store: AccessStore;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  });
  await createAccessTable(client, TABLE);
  store = createAccessStore(client, TABLE, (arn) => arn.includes(':secret:sensitive'));
});
afterAll(() => aws.stop());

/** One read of a secret; every test has a secret of its own. */
function read(secretId: string, eventID: string, eventTime: string, fields: object = {}): AccessEntry {
  const [entry] = entriesOf(anEvent({ requestParameters: { secretId }, eventID, eventTime, ...fields }));
  if (entry === undefined) throw new Error('no entry');
  return entry;
}
const arnOf = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-??????`;

async function query(
  attribute: string,
  value: string,
  indexName?: string,
): Promise<readonly Record<string, unknown>[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: TABLE,
      ...(indexName === undefined ? {} : { IndexName: indexName }),
      KeyConditionExpression: '#key = :value',
      ExpressionAttributeNames: { '#key': attribute },
      ExpressionAttributeValues: marshall({ ':value': value }),
    }),
  );
  return Items.map((item) => unmarshall(item));
}
const summaryOf = async (name: string) => (await query('pk', accessKeys.summariesOfResource(arnOf(name))))[0];
const accessesTo = async (name: string, day: string) =>
  (
    await Promise.all(
      Array.from({ length: RESOURCE_SHARDS }, (_, shard) =>
        query('resource', accessKeys.ofResource(arnOf(name), day, shard), 'by-resource'),
      ),
    )
  ).flat();

describe('accesses in DynamoDB', () => {
  test('are found by who, by what, and by session, and are one item', async () => {
    const entry = read('found', 'e-1', '2026-11-20T02:14:07Z', { userIdentity: SESSION });
    expect(await store.add([entry])).toEqual({ added: 1, known: 0 });
    const byWho = await query('pk', accessKeys.ofPrincipal('role:AROAEXAMPLE1', '2026-11-20'));
    expect(byWho).toHaveLength(1);
    expect(byWho[0]).toMatchObject({
      eventId: 'e-1',
      at: '2026-11-20T02:14:07.000Z',
      who: 'deployer/alice@example.com',
      arn: arnOf('found'),
      type: 'AWS::SecretsManager::Secret',
      action: 'GetSecretValue',
      result: 'success',
      // Ninety days after the access.
      ttl: Date.parse('2027-02-18T02:14:07Z') / 1000,
    });
    expect(await accessesTo('found', '2026-11-20')).toEqual(byWho);
    expect(await query('session', 'ASIAEXAMPLE2', 'by-session')).toEqual(byWho);
  });

  test('with a long-term key are in no session, and without a resource in no summary', async () => {
    const [entry] = entriesOf(
      anEvent({ eventName: 'ListSecrets', requestParameters: null, eventTime: '2026-10-01T00:00:00Z' }),
    );
    expect(await store.add(entry === undefined ? [] : [entry])).toEqual({ added: 1, known: 0 });
    const [item] = await query('pk', accessKeys.ofPrincipal('user:AIDAEXAMPLE1', '2026-10-01'));
    expect(item).not.toHaveProperty('session');
    expect(item).not.toHaveProperty('resource');
  });

  test('count first, last and how many, in whatever order they come and however often', async () => {
    const entries = ['12:00', '09:00', '18:00', '15:00'].map((time, i) =>
      read('orders', `e-${i}`, `2026-11-20T${time}:00Z`),
    );
    const [noon, morning, evening, afternoon] = entries.map((entry) => [entry]);
    for (const group of [noon, evening, noon, morning, afternoon, morning, evening, entries, entries]) {
      await store.add(group ?? []);
    }
    expect(await summaryOf('orders')).toMatchObject({
      first: '2026-11-20T09:00:00.000Z',
      last: '2026-11-20T18:00:00.000Z',
      count: 4,
      principal: 'user:AIDAEXAMPLE1',
      who: 'alice',
      arn: arnOf('orders'),
    });
    expect(await accessesTo('orders', '2026-11-20')).toHaveLength(4);
    expect(await query('resource', accessKeys.summariesOfPrincipal('user:AIDAEXAMPLE1'), 'by-resource')).toEqual(
      expect.arrayContaining([expect.objectContaining({ arn: arnOf('orders'), count: 4 })]),
    );
  });

  test('are told apart as new and known, in one group and across several writes', async () => {
    const entries = Array.from({ length: 120 }, (_, i) =>
      read('many', `e-${i}`, `2026-11-20T10:${String(i % 60).padStart(2, '0')}:00Z`),
    );
    expect(await store.add(entries.slice(0, 3))).toEqual({ added: 3, known: 0 });
    expect(await store.add([...entries, ...entries.slice(0, 10)])).toEqual({ added: 117, known: 13 });
    expect(await summaryOf('many')).toMatchObject({ count: 120 });
  });

  test('are counted exactly while several write the same summary at once', async () => {
    const entries = Array.from({ length: 24 }, (_, i) =>
      read('contended', `e-${i}`, `2026-11-20T10:${String((i * 7) % 60).padStart(2, '0')}:00Z`),
    );
    // Each twice, as from a queue that delivers at least once.
    await Promise.all([...entries, ...entries].map((entry) => store.add([entry])));
    expect(await summaryOf('contended')).toMatchObject({
      count: 24,
      first: '2026-11-20T10:00:00.000Z',
      last: '2026-11-20T10:59:00.000Z',
    });
  });

  test('of one secret by name and by ARN are counted together', async () => {
    const byArn = arnOf('both').replace('??????', 'AbC123');
    await store.add([read('both', 'e-1', '2026-11-20T10:00:00Z')]);
    await store.add([read(byArn, 'e-2', '2026-11-20T11:00:00Z')]);
    expect(await summaryOf('both')).toMatchObject({ count: 2 });
    expect((await accessesTo('both', '2026-11-20')).map(({ arn }) => arn).sort()).toEqual(
      [arnOf('both'), byArn].sort(),
    );
  });

  test('by several principals are several summaries', async () => {
    await store.add([read('shared', 'e-1', '2026-11-20T10:00:00Z')]);
    await store.add([read('shared', 'e-2', '2026-11-20T11:00:00Z', { userIdentity: SESSION })]);
    const summaries = await query('pk', accessKeys.summariesOfResource(arnOf('shared')));
    expect(summaries.map(({ principal, count }) => [principal, count])).toEqual([
      ['role:AROAEXAMPLE1', 1],
      ['user:AIDAEXAMPLE1', 1],
    ]);
  });

  test('to a sensitive resource are found among those, until the policy no longer calls it so', async () => {
    await store.add([read('sensitive', 'e-1', '2026-11-20T10:00:00Z')]);
    await store.add([read('sensitive', 'e-2', '2026-11-20T11:00:00Z', { userIdentity: SESSION })]);
    await store.add([read('plain', 'e-3', '2026-11-20T11:00:00Z')]);
    const found = async () => {
      const shards = Array.from({ length: SENSITIVE_SHARDS }, (_, shard) => accessKeys.sensitiveShard(shard));
      const items = await Promise.all(shards.map((shard) => query('session', shard, 'by-session')));
      return items.flat().map(({ arn, principal, count }) => [arn, principal, count]);
    };
    expect((await found()).sort()).toEqual([
      [arnOf('sensitive'), 'role:AROAEXAMPLE1', 1],
      [arnOf('sensitive'), 'user:AIDAEXAMPLE1', 1],
    ]);
    const without = createAccessStore(client, TABLE, () => false);
    await without.add([read('sensitive', 'e-4', '2026-11-20T12:00:00Z')]);
    expect(await found()).toEqual([[arnOf('sensitive'), 'role:AROAEXAMPLE1', 1]]);
  });
});
