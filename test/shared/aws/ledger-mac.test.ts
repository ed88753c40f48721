import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { createCaseStore } from '../../../shared/aws/case-store.ts';
import { createLedger } from '../../../shared/aws/ledger.ts';
import { createMac } from '../../../shared/aws/mac.ts';
import { denyEntry, keyEntry } from '../../support/case-scene.ts';
import { createMemoryMac } from '../../support/memory-mac.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const run = randomUUID().slice(0, 8);
const TABLE = `ledger-${run}`;
let aws: EmbeddedAws;
let dynamo: DynamoDBClient;
let kms: KMSClient;
let keyArn = '';
let cases = 0;

async function newKey(): Promise<string> {
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  );
  return KeyMetadata?.Arn ?? '';
}

beforeAll(async () => {
  aws = await startEmbeddedAws();
  const config = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  };
  dynamo = new DynamoDBClient(config);
  kms = new KMSClient(config);
  keyArn = await newKey();
  await dynamo.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
});

afterAll(async () => {
  dynamo?.destroy();
  kms?.destroy();
  await aws?.stop();
});

/** A case of its own with two entries, and a hand in the table that is not ours. */
async function written(
  subjectKey = `user:AIDA-${run}-${cases}`,
  mac = createMac(kms, keyArn),
  caseId = `C-${run}-${cases}`,
) {
  cases += 1;
  const clock = createVirtualClock('2026-11-21T02:00:00.000Z');
  const store = createCaseStore(dynamo, { cases: TABLE, state: TABLE }, clock);
  const lease = await store.acquireLease(subjectKey, 'the tests', 90);
  const ledger = createLedger(dynamo, TABLE, clock, mac, { caseId, planVersion: 3, lease });
  await ledger.intend([denyEntry, keyEntry]);
  const keyOf = (key: string) => marshall({ pk: `CASE#${caseId}`, sk: `LEDGER#${key}` });
  return {
    caseId,
    ledger,
    store,
    item: async (key: string): Promise<Record<string, unknown>> => {
      const { Item = {} } = await dynamo.send(new GetItemCommand({ TableName: TABLE, Key: keyOf(key) }));
      return unmarshall(Item);
    },
    put: (key: string, value: Record<string, unknown>) =>
      dynamo.send(new PutItemCommand({ TableName: TABLE, Item: marshall({ ...value, ...unmarshall(keyOf(key)) }) })),
    set: (key: string, field: string, value: unknown) =>
      dynamo.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: keyOf(key),
          UpdateExpression: 'SET #field = :value',
          ExpressionAttributeNames: { '#field': field },
          ExpressionAttributeValues: marshall({ ':value': value }),
        }),
      ),
  };
}

const CHANGED = 'refused: its ledger entry was changed after it was written';
const NOT_OURS = 'refused: its ledger entry is no longer one that Rescind could have written';
const NO_CODE = 'refused: its ledger entry has no code that shows who wrote it';
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

describe('an entry of the ledger', () => {
  test('is read again as it was written, whatever was settled since', async () => {
    const { ledger } = await written();
    await ledger.settle(keyEntry.key, { state: 'failed', detail: 'Throttling' });
    await ledger.settle(keyEntry.key, { state: 'done', reasserted: true });
    expect(await ledger.read()).toMatchObject([denyEntry, { ...keyEntry, state: 'done' }]);
    expect(await ledger.refused()).toEqual([]);
  });

  test('shows no code to those who only look', async () => {
    const { ledger, store, caseId } = await written();
    for (const entry of [...(await ledger.read()), ...(await store.ledger(caseId))])
      expect(entry).not.toHaveProperty('mac');
  });

  test.each([
    ['another prior value', 'prior', { status: 'Inactive' }, CHANGED],
    ['a document that was never there', 'prior', { document: '{"Statement":{"Effect":"Allow"}}' }, CHANGED],
    ['another user', 'call', { ...keyEntry.call, input: { ...keyEntry.call.input, UserName: 'admin' } }, CHANGED],
    [
      'another call',
      'call',
      {
        service: 'iam',
        operation: 'DetachUserPolicy',
        input: { UserName: 'mallory', PolicyArn: ADMINISTRATOR },
      },
      CHANGED,
    ],
    ['another action', 'actionId', 'quarantine', CHANGED],
    ['an action that there is not', 'actionId', 'grant-everything', CHANGED],
    ['another target', 'target', 'access key AKIAOTHER', CHANGED],
    ['another place in the order', 'order', 0, CHANGED],
    ['another plan', 'planVersion', 2, CHANGED],
    ['a call that is none', 'call', 'DetachUserPolicy', NOT_OURS],
    ['a call without an input', 'call', { service: 'iam', operation: 'UpdateAccessKey' }, NOT_OURS],
    ['an order that is text', 'order', 'first', NOT_OURS],
    ['an empty code', 'mac', '', CHANGED],
    ['a code that is too short', 'mac', 'AAAA', CHANGED],
    ['a code of the right length', 'mac', Buffer.alloc(32, 7).toString('base64'), CHANGED],
    ['a code that is a number', 'mac', 7, NO_CODE],
  ])('is refused with %s, and the others are not', async (_, field, value, reason) => {
    const { ledger, set } = await written();
    await set(keyEntry.key, field, value);
    expect((await ledger.read()).map(({ key }) => key)).toEqual([denyEntry.key]);
    expect(await ledger.refused()).toMatchObject([{ key: keyEntry.key, reason }]);
  });

  test('is refused under the key of another', async () => {
    const { ledger, item, put } = await written();
    await put('deactivate-keys#AKIAOTHER', await item(keyEntry.key));
    expect(await ledger.read()).toHaveLength(2);
    expect(await ledger.refused()).toEqual([
      { key: 'deactivate-keys#AKIAOTHER', target: keyEntry.target, reason: CHANGED },
    ]);
  });

  test('is refused in another case, and for another subject', async () => {
    const one = await written(`user:AIDA-${run}-x`);
    const ofTheSame = await written(`user:AIDA-${run}-x`);
    await ofTheSame.put(keyEntry.key, await one.item(keyEntry.key));
    expect((await ofTheSame.ledger.read()).map(({ key }) => key)).toEqual([denyEntry.key]);
    expect(await ofTheSame.ledger.refused()).toMatchObject([{ key: keyEntry.key, reason: CHANGED }]);
    const ofAnother = await written(`user:AIDA-${run}-y`, createMac(kms, keyArn), one.caseId);
    expect(await ofAnother.ledger.read()).toEqual([]);
    expect(await ofAnother.ledger.refused()).toMatchObject([{ reason: CHANGED }, { reason: CHANGED }]);
  });

  test('is refused when another key made its code', async () => {
    const { ledger } = await written(undefined, { ...createMac(kms, keyArn), generate: createMemoryMac().generate });
    expect(await ledger.read()).toEqual([]);
    expect(await ledger.refused()).toHaveLength(2);
  });

  test('that was given back cannot be made to look done again', async () => {
    const { ledger, set, item } = await written();
    await ledger.settle(keyEntry.key, { state: 'undone' });
    expect((await ledger.read()).map(({ state }) => state)).toEqual(['intended', 'undone']);
    expect(await ledger.refused()).toEqual([]);
    expect(await item(keyEntry.key)).not.toHaveProperty('mac');
    await set(keyEntry.key, 'state', 'done');
    expect((await ledger.read()).map(({ key }) => key)).toEqual([denyEntry.key]);
    expect(await ledger.refused()).toMatchObject([{ key: keyEntry.key, reason: NO_CODE }]);
  });

  test('that was given back is a new baseline, with a new code', async () => {
    const { ledger } = await written();
    await ledger.settle(keyEntry.key, { state: 'undone' });
    await ledger.intend([{ ...keyEntry, order: 2 }]);
    expect((await ledger.read()).map(({ order, state }) => [order, state])).toEqual([
      [0, 'intended'],
      [2, 'intended'],
    ]);
  });

  test('that was planted as given back stands in nobody’s way', async () => {
    const { ledger, put } = await written();
    await put('planted', { actionId: 'grant-everything', state: 'undone', call: {}, order: 1 });
    expect(await ledger.read()).toHaveLength(2);
    expect(await ledger.refused()).toEqual([]);
  });

  test('that was changed stays as the evidence it is, whatever is intended', async () => {
    const { ledger, set, item } = await written();
    await set(keyEntry.key, 'target', 'changed');
    expect(await ledger.intend([keyEntry])).toEqual([]);
    expect(await item(keyEntry.key)).toMatchObject({ target: 'changed' });
  });
});

test('without the key nothing is written, so nothing is changed', async () => {
  const disabled = await newKey();
  await kms.send(new DisableKeyCommand({ KeyId: disabled }));
  const caseId = `C-${run}-without`;
  await expect(written(`user:AIDA-${run}-z`, createMac(kms, disabled), caseId)).rejects.toMatchObject({
    name: 'DisabledException',
  });
  const store = createCaseStore(dynamo, { cases: TABLE, state: TABLE }, createVirtualClock('2026-11-21T02:00:00.000Z'));
  expect(await store.ledger(caseId)).toEqual([]);
});

describe('a code by KMS', () => {
  const message = Buffer.from('an entry');

  test('is right for its message and for no other', async () => {
    const mac = createMac(kms, keyArn);
    const code = await mac.generate(message);
    expect(await mac.verify(message, code)).toBe(true);
    expect(await mac.verify(Buffer.from('another entry'), code)).toBe(false);
    expect(await createMac(kms, await newKey()).verify(message, code)).toBe(false);
  });

  test('that cannot be checked is an error, and never a yes', async () => {
    const mac = createMac(kms, keyArn);
    const code = await mac.generate(message);
    const nowhere = createMac(kms, keyArn.replace(/[^/]+$/, randomUUID()));
    await expect(nowhere.verify(message, code)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
