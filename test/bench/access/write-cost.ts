import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Of on-demand tables in us-east-1, per million request units: https://aws.amazon.com/dynamodb/pricing/on-demand/ (read on
 * 2026-11-21). A write unit is 1 KB, doubled in a transaction; a read unit 4 KB, read consistently. SQS as at
 * https://aws.amazon.com/sqs/pricing/: a standard queue's requests; events of AWS services on the default bus are free.
 */
export const DOLLARS_PER_MILLION = { writeUnit: 0.625, readUnit: 0.125, queueRequest: 0.4 } as const;

export type Units = { requests: number; itemWrites: number; writeUnits: number; readUnits: number };

/** Counts what a client asks DynamoDB for, in its units: index copies at the rate of the write that makes them, which is the most they can cost. */
export function countUnits(client: DynamoDBClient): Units {
  const units: Units = { requests: 0, itemWrites: 0, writeUnits: 0, readUnits: 0 };
  const write = (item: unknown, factor: number): void => {
    units.itemWrites += 1;
    const text = JSON.stringify(item);
    const copies = 1 + Number(text.includes('"resource"')) + Number(text.includes('"session"'));
    units.writeUnits += Math.ceil(text.length / 1024) * factor * copies;
  };
  client.middlewareStack.add(
    (next, context) => (args) => {
      units.requests += 1;
      const input = args.input as {
        readonly Item?: unknown;
        readonly TransactItems?: readonly { readonly Put?: { readonly Item?: unknown }; readonly Update?: object }[];
      };
      if (context.commandName === 'GetItemCommand') units.readUnits += 1;
      if (context.commandName === 'PutItemCommand') write(input.Item, 1);
      for (const { Put, Update } of input.TransactItems ?? []) write(Put?.Item ?? updated(Update), 2);
      return next(args);
    },
    { step: 'initialize', name: 'countUnits' },
  );
  return units;
}

/** A summary is written as a whole, far below a kilobyte; it is in the index of resources, and in that of sessions where sensitive. */
function updated(update: object | undefined): object {
  const sensitive = JSON.stringify(update).includes(':sensitive');
  return { resource: 'summary', ...(sensitive ? { session: 'summary' } : {}) };
}
