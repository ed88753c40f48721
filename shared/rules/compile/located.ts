import type { Json } from '../../json.ts';

/** A place in a rule file; line and column count from 1. */
export type Position = { readonly line: number; readonly column: number };

/** A YAML value that remembers where it stands, so that every complaint can point at it. */
export type Located = LocatedMap | LocatedList | LocatedScalar;
export type LocatedMap = { readonly kind: 'map'; readonly at: Position; readonly entries: readonly LocatedEntry[] };
export type LocatedEntry = { readonly key: string; readonly at: Position; readonly value: Located };
export type LocatedList = { readonly kind: 'list'; readonly at: Position; readonly items: readonly Located[] };
export type LocatedScalar = {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: string | number | boolean | null;
  /** As written, which a number alone forgets (`012345678901`). */
  readonly source: string;
  /** Where the text begins if it stands on one line: inside a quote, not on it. */
  readonly textAt?: Position;
};

export function entryOf(map: LocatedMap, key: string): LocatedEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

export function toJson(located: Located): Json {
  switch (located.kind) {
    case 'scalar':
      return located.value;
    case 'list':
      return located.items.map(toJson);
    case 'map':
      return Object.fromEntries(located.entries.map((entry) => [entry.key, toJson(entry.value)]));
  }
}
