import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../../cli/embedded-aws/start-embedded-aws.ts';
import { createCaseStore } from '../../../shared/aws/case-store.ts';
import { createLedger } from '../../../shared/aws/ledger.ts';
import { createOutbox } from '../../../shared/aws/outbox.ts';
import { breakerContract, CASE_STORE_CONTRACT, ownOf, type StoreUnderTest } from '../../support/case-store-contract.ts';
import { createMemoryCaseStore } from '../../support/memory-case-store.ts';
import { createMemoryMac } from '../../support/memory-mac.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const NOW = '2026-11-21T02:00:03.000Z';
const run = randomUUID().slice(0, 8);
const TABLES = { cases: `contract-cases-${run}`, state: `contract-state-${run}` };
/** DynamoDB's limit, which the embedded AWS does not know. */
const ITEMS_A_TRANSACTION = 100;

let aws: EmbeddedAws;
let client: DynamoDBClient;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  client = new DynamoDBClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: aws.account, secretAccessKey: 'embedded' },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      const { TransactItems: items } = args.input as { readonly TransactItems?: readonly unknown[] };
      if (items !== undefined) expect(items.length).toBeLessThanOrEqual(ITEMS_A_TRANSACTION);
      return next(args);
    },
    { step: 'initialize' },
  );
  for (const TableName of Object.values(TABLES)) {
    await client.send(
      new CreateTableCommand({
        TableName,
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
  }
});

afterAll(async () => {
  client?.destroy();
  await aws?.stop();
});

const STORES: readonly { readonly kind: string; readonly make: () => StoreUnderTest }[] = [
  {
    kind: 'in memory',
    make() {
      const clock = createVirtualClock(NOW);
      const store = createMemoryCaseStore(clock);
      return { store, ledgerOf: store.ledgerOf, alerts: store.alerts, clock };
    },
  },
  {
    kind: 'on DynamoDB',
    make() {
      const clock = createVirtualClock(NOW);
      return {
        clock,
        store: createCaseStore(client, TABLES, clock),
        ledgerOf: (caseId, planVersion, lease) =>
          createLedger(client, TABLES.cases, clock, createMemoryMac(), { caseId, planVersion, lease }),
        alerts: createOutbox(client, TABLES.cases),
      };
    },
  },
];

describe.each(STORES)('a case store $kind', ({ make }) => {
  it.each(CASE_STORE_CONTRACT)('$name', ({ name, run }) => run(make(), ownOf(name)));
  it('the breaker is written on top of what was read, with its page or not at all', () => breakerContract(make()));
});
