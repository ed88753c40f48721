import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { toItem } from '../../../shared/aws/items.ts';

type Keys = { readonly pk: string; readonly sk: string; readonly resource?: string; readonly session?: string };
/** Where an item is found, and what it is: made anew when it is read, for a million of them would not fit. */
type Row = { readonly sk: string; readonly make: () => object };

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const PAGE_BYTES = 1024 * 1024;

export type Counted = { queries: number; items: number; bytes: number };

/**
 * As much of DynamoDB as the readers of the access table use: a table and two indexes by hash and sort key, answered in
 * pages of one megabyte. The embedded AWS looks at every item of the table for a query of an index, and so bears no million.
 */
export function createIndexedTable() {
  const rows = new Map<string, Row[]>();
  const counted: Counted = { queries: 0, items: 0, bytes: 0 };

  function add(keys: Keys, make: () => object): void {
    const row = { sk: keys.sk, make };
    for (const attribute of ['pk', 'resource', 'session'] as const) {
      const value = keys[attribute];
      if (value === undefined) continue;
      const of = rows.get(`${attribute} ${value}`);
      if (of === undefined) rows.set(`${attribute} ${value}`, [row]);
      else of.push(row);
    }
  }

  /** Before the first query. */
  function sort(): void {
    for (const of of rows.values()) of.sort((a, b) => (a.sk < b.sk ? -1 : 1));
  }

  function query(input: QueryInput): object {
    const values = input.ExpressionAttributeValues;
    const from = values[':from']?.S ?? '';
    const to = values[':to']?.S ?? '\uFFFF';
    const of = rows.get(`${input.ExpressionAttributeNames['#key']} ${values[':value']?.S}`) ?? [];
    const end = input.ExclusiveStartKey?.sk?.S;
    let place = firstAfter(of, end === undefined ? to : end, end === undefined) - 1;
    const items: object[] = [];
    let size = 0;
    let last: string | undefined;
    for (; place >= 0 && items.length < (input.Limit ?? Number.POSITIVE_INFINITY) && size < PAGE_BYTES; place -= 1) {
      const row = of[place];
      if (row === undefined || row.sk < from) break;
      const item = toItem(row.make());
      size += JSON.stringify(item).length;
      items.push(item);
      last = row.sk;
    }
    counted.queries += 1;
    counted.items += items.length;
    counted.bytes += size;
    const more = last !== undefined && place >= 0 && (of[place]?.sk ?? '') >= from;
    return { Items: items, Count: items.length, ...(more ? { LastEvaluatedKey: { sk: { S: last } } } : {}) };
  }

  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: {
      handle: async ({ headers, body }: { headers: Record<string, string>; body: string | Uint8Array }) => {
        const operation = headers['x-amz-target']?.split('.')[1];
        if (operation !== 'Query') throw new Error(`The access record is asked by queries alone, not by ${operation}.`);
        const answer = JSON.stringify(
          query(JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))),
        );
        return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode(answer) } };
      },
    },
  });
  return { client, add, sort, counted };
}

type QueryInput = {
  readonly ExpressionAttributeNames: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues: Readonly<Record<string, { readonly S: string }>>;
  readonly ExclusiveStartKey?: Readonly<Record<string, { readonly S: string }>>;
  readonly Limit?: number;
};

/** The place of the first row after `sk`, or at it where it does not count as before. */
function firstAfter(of: readonly Row[], sk: string, including: boolean): number {
  let [low, high] = [0, of.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = of[middle]?.sk ?? '';
    if (at < sk || (including && at === sk)) low = middle + 1;
    else high = middle;
  }
  return low;
}
