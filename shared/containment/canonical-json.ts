import { isJsonObject, type Json } from '../json.ts';

/** JSON text with sorted keys and no whitespace: equal values give equal text, whatever order they were built in. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isJsonObject(value)) {
    const members = Object.entries(value)
      .filter((member): member is [string, Json] => member[1] !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Whether two policy documents say the same: byte for byte, or as JSON where an endpoint re-serialises what it stores. */
export function sameDocument(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parsed(a), parsed(b)];
  return left !== undefined && right !== undefined && canonicalJson(left) === canonicalJson(right);
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    // A text that is not JSON equals no document of ours.
    return undefined;
  }
}
