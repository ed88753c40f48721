import type { JsonObject } from '../json.ts';

/** The non-empty text of an object's own key. Inherited names (`constructor`) and other types count as absent. */
export function textAt(object: JsonObject | undefined, key: string): string | undefined {
  const value = object === undefined || !Object.hasOwn(object, key) ? undefined : object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
