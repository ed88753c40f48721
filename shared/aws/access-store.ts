import { type DynamoDBClient, GetItemCommand, PutItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AccessEntry } from '../access/access-entry.ts';
import { LONGEST_SESSION_SECONDS } from '../access/longest-session.ts';
import type { SessionFact } from '../access/session-fact.ts';
import type { AccessStore, Kept } from '../ports/access-store.ts';
import { accessKeys, expiryOf } from './access-items.ts';
import { toItem, transact } from './items.ts';

/** A transaction takes 100 items; fewer at once meet fewer others. */
const ENTRIES_IN_ONE_WRITE = 50;
/** How often a write is made anew because others wrote the same summary meanwhile. */
const ATTEMPTS = 6;

/** At half a kilobyte each, some megabytes. */
const FACTS_REMEMBERED = 5_000;

/** Another function wrote the same summary again and again: the message comes back. */
export class AccessContentionError extends Error {
  override readonly name = 'AccessContentionError';
}

/**
 * Accesses in DynamoDB. An access and its count are one transaction, whose condition is that the access is new: so the
 * count is exact however often an event comes. Writes for a group of n new accesses: n + 1, each doubled by the
 * transaction, and what the indexes copy. Which resources are sensitive, the policy says.
 */
export function createAccessStore(
  client: DynamoDBClient,
  table: string,
  isSensitive: (arn: string) => boolean,
): AccessStore {
  /** Each call of a session tells the same of it: what this process has written once, it does not write again. */
  const written = new Set<string>();

  async function addSome(given: readonly AccessEntry[]): Promise<Kept> {
    let entries = given;
    for (let attempt = 1; entries.length > 0; attempt += 1) {
      const summary = await summaryOf(entries);
      const refusal = await transact(client, [...entries.map(put), ...summary]);
      if (refusal === undefined) break;
      if (attempt === ATTEMPTS) throw new AccessContentionError('A summary was written by others again and again.');
      // Those that were there already are done; a summary that changed is read again.
      entries = entries.filter((_, i) => refusal.codes[i] !== 'ConditionalCheckFailed');
    }
    return { added: entries.length, known: given.length - entries.length };
  }

  function put(entry: AccessEntry): TransactWriteItem {
    const item = toItem({ ...entry, ...renamed(entry), ttl: expiryOf(entry.at) });
    return { Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' } };
  }

  /** Counts the entries in their summary. Its first only ever becomes earlier and its last later, whoever comes between. */
  async function summaryOf(entries: readonly AccessEntry[]): Promise<readonly TransactWriteItem[]> {
    const [entry] = entries;
    if (entry?.resource === undefined) return [];
    const { arn, type } = entry.resource;
    const { pk, sk, resource } = accessKeys.summary(arn, entry.principal);
    const sensitive = isSensitive(arn);
    const times = entries.map(({ at }) => at).sort();
    const first = times[0] ?? entry.at;
    const last = times.at(-1) ?? entry.at;
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: marshall({ pk, sk }), ConsistentRead: true }),
    );
    const known = Item === undefined ? undefined : unmarshall(Item);
    const earlier = known === undefined || first < String(known.first);
    const later = known === undefined || last > String(known.last);
    const condition =
      known === undefined
        ? 'attribute_not_exists(pk)'
        : ['attribute_exists(pk)', ...(earlier ? ['#first > :first'] : []), ...(later ? ['#last < :last'] : [])].join(
            ' AND ',
          );
    const sets = [
      'arn = :arn, #type = :type, who = :who, principal = :principal, #resource = :resource',
      ...(earlier ? ['#first = :first'] : []),
      ...(later ? ['#last = :last, #ttl = :ttl'] : []),
      ...(sensitive ? ['#session = :sensitive'] : []),
    ];
    return [
      {
        Update: {
          TableName: table,
          Key: marshall({ pk, sk }),
          UpdateExpression: `SET ${sets.join(', ')} ADD #count :count${sensitive ? '' : ' REMOVE #session'}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: {
            '#type': 'type',
            '#resource': 'resource',
            '#count': 'count',
            '#session': 'session',
            ...(earlier ? { '#first': 'first' } : {}),
            ...(later ? { '#last': 'last', '#ttl': 'ttl' } : {}),
          },
          ExpressionAttributeValues: marshall({
            ':arn': arn,
            ':type': type,
            ':who': entry.who,
            ':principal': entry.principal,
            ':resource': resource,
            ':count': entries.length,
            ...(earlier ? { ':first': first } : {}),
            ...(later ? { ':last': last, ':ttl': expiryOf(last) } : {}),
            ...(sensitive ? { ':sensitive': accessKeys.sensitive(arn, entry.principal) } : {}),
          }),
        },
      },
    ];
  }

  return {
    async add(group) {
      const distinct = [...new Map(group.map((entry) => [accessKeys.access(entry).sk, entry])).values()];
      let kept: Kept = { added: 0, known: group.length - distinct.length };
      for (let at = 0; at < distinct.length; at += ENTRIES_IN_ONE_WRITE) {
        const { added, known } = await addSome(distinct.slice(at, at + ENTRIES_IN_ONE_WRITE));
        kept = { added: kept.added + added, known: kept.known + known };
      }
      return kept;
    },

    async addSessionFact(fact) {
      const text = JSON.stringify(fact);
      if (written.has(text)) return;
      // Told of for as long as the last access of the session.
      const ttl = expiryOf(timeOf(fact)) + LONGEST_SESSION_SECONDS;
      const item = toItem({ ...fact, ...accessKeys.sessionFact(fact), ttl });
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
      if (written.size >= FACTS_REMEMBERED) written.clear();
      written.add(text);
    },
  };
}

function timeOf(fact: SessionFact): string {
  return fact.kind === 'held' ? fact.issuedAt : fact.at;
}

/** The index takes the name `resource`; what was touched stands in `arn` and `type`. */
function renamed(entry: AccessEntry): object {
  const { arn, type } = entry.resource ?? {};
  return { resource: undefined, arn, type, ...accessKeys.access(entry) };
}
