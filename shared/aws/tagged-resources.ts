import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { resourceKey } from '../access/same-resource.ts';
import type { Clock } from '../ports/clock.ts';
import type { Tagged, TaggedOnDemand } from '../ports/tagged-resources.ts';
import { taggedItems } from './case-items.ts';
import { fromItem, queryItems } from './items.ts';

/** Sweep looks every five minutes; each reader reads at most once a minute, and only when something depends on it. */
const FRESH_MS = 60_000;

/** What sweep keeps of tags in the state table, in the memory of one warm function. */
export function createTaggedResources(
  client: DynamoDBClient,
  table: string,
  clock: Pick<Clock, 'now'>,
): TaggedOnDemand {
  let known: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let asked = false;
  const isOld = (): boolean => clock.now().getTime() - readAt >= FRESH_MS;

  const refresh = async (): Promise<void> => {
    if (!isOld()) return;
    const read = new Map<string, Set<string>>();
    for (const { tag, arn } of await readTagged(client, table)) {
      read.set(tag, (read.get(tag) ?? new Set()).add(resourceKey(arn)));
    }
    known = read;
    readAt = clock.now().getTime();
  };

  return {
    bears(tags, arn) {
      if (tags.length > 0) asked ||= isOld();
      return tags.some((tag) => known.get(tag)?.has(resourceKey(arn)) === true);
    },
    refresh,
    async refreshIfAsked() {
      if (!asked) return false;
      asked = false;
      await refresh();
      return true;
    },
  };
}

export async function readTagged(client: DynamoDBClient, table: string): Promise<readonly Tagged[]> {
  const items = await queryItems(client, table, taggedItems.pk, taggedItems.prefix);
  return items.map((item) => fromItem<Tagged>(item));
}
