import type { Json, JsonObject } from '../../json.ts';

/** Several rules read the same object (`requestParameters`) as text; it is written out once a record. */
const compact = new WeakMap<object, string>();

/**
 * The text that a value is compared by: itself, a number or boolean as written in JSON, an object as its compact JSON.
 * Null has none.
 */
export function leafText(value: Json): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return value === null ? undefined : compactJson(value);
  }
}

function compactJson(value: JsonObject | readonly Json[]): string {
  const known = compact.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  compact.set(value, text);
  return text;
}
