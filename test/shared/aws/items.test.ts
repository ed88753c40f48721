import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { getItems } from '../../../shared/aws/items.ts';
import { type ScriptedAws, startScriptedAws } from '../../support/scripted-aws.ts';

type Keys = Readonly<Record<string, { readonly Keys: readonly unknown[]; readonly ConsistentRead?: boolean }>>;

let aws: ScriptedAws;
let answers: object[];
/** What was asked for, call by call. */
const asked = (): readonly Keys[] => aws.requests.map(({ body }) => JSON.parse(body).RequestItems);

const key = (pk: string) => ({ pk, sk: 'META' });
const item = (pk: string) => marshall({ ...key(pk), of: pk });

beforeAll(async () => {
  aws = await startScriptedAws(() => ({ status: 200, body: JSON.stringify(answers.shift() ?? {}) }));
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.requests.length = 0;
});

const wanted = [
  { table: 'state', key: key('a') },
  { table: 'cases', key: key('a') },
  { table: 'cases', key: key('b') },
];

it('reads items of two tables in one call, as they are now, and tells them in the order of the keys', async () => {
  answers = [{ Responses: { cases: [item('b'), item('a')] } }];
  expect(await getItems(new DynamoDBClient({}), wanted)).toEqual([undefined, item('a'), item('b')]);
  expect(asked()).toEqual([
    {
      state: { Keys: [marshall(key('a'))], ConsistentRead: true },
      cases: { Keys: [marshall(key('a')), marshall(key('b'))], ConsistentRead: true },
    },
  ]);
});

it('asks again for what DynamoDB left unread: an item that was not read is none that is missing', async () => {
  const left = { cases: { Keys: [marshall(key('b'))], ConsistentRead: true } };
  answers = [
    { Responses: { state: [item('a')], cases: [] }, UnprocessedKeys: left },
    { Responses: {}, UnprocessedKeys: left },
    { Responses: { cases: [item('b')] } },
  ];
  expect(await getItems(new DynamoDBClient({}), wanted)).toEqual([item('a'), undefined, item('b')]);
  expect(asked().slice(1)).toEqual([left, left]);
});

it('fails where DynamoDB goes on leaving something unread', async () => {
  const left = { cases: { Keys: [marshall(key('b'))], ConsistentRead: true } };
  answers = Array.from({ length: 20 }, () => ({ Responses: {}, UnprocessedKeys: left }));
  await expect(getItems(new DynamoDBClient({}), wanted)).rejects.toThrow('DynamoDB left items unread in cases.');
  expect(aws.requests).toHaveLength(8);
});
