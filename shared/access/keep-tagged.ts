import type { Tagged, TaggedStore, TagSearch } from '../ports/tagged-resources.ts';

/** 10,000 of them fit into two pages of the table, which every reader reads whole. */
export const MOST_TAGGED = 10_000;

/** A tag is on more resources than are kept: what is beyond would not be known to bear it. */
export class TooManyTaggedError extends Error {
  override readonly name = 'TooManyTaggedError';
}

/**
 * Makes the store say what the account says now. Where the account cannot be asked to the end nothing is taken out: what bore
 * a tag goes on bearing it.
 */
export async function keepTagged(
  { search, store }: { readonly search: TagSearch; readonly store: TaggedStore },
  tags: readonly string[],
): Promise<{ readonly added: number; readonly removed: number }> {
  const found = new Map<string, Tagged>();
  for (const tag of tags) {
    for await (const arn of search(tag)) {
      if (found.size === MOST_TAGGED)
        throw new TooManyTaggedError(`The tags are on more than ${MOST_TAGGED} resources.`);
      found.set(nameOf({ tag, arn }), { tag, arn });
    }
  }
  const kept = new Map((await store.list()).map((tagged) => [nameOf(tagged), tagged]));
  const added = [...found].filter(([name]) => !kept.has(name));
  const removed = [...kept].filter(([name]) => !found.has(name));
  for (const [, tagged] of added) await store.add(tagged);
  for (const [, tagged] of removed) await store.remove(tagged);
  return { added: added.length, removed: removed.length };
}

function nameOf({ tag, arn }: Tagged): string {
  return JSON.stringify([tag, arn]);
}
