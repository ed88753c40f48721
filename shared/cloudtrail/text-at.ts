import type { JsonObject } from '../json.ts';

/** The non-empty text of an object's key. Other types count as absent, and so do inherited names: none of those is a text. */
export function textAt(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
