import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** Whether two policy documents say the same: byte for byte, or as JSON where an endpoint re-serialises what it stores. */
export function sameDocument(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [canonical(a), canonical(b)];
  return left !== undefined && left === right;
}

/** Equal for documents that say the same; `undefined` for a text that is not JSON. */
export function documentHash(text: string): string | undefined {
  const same = canonical(text);
  return same === undefined ? undefined : hash('sha256', same);
}

function canonical(text: string): string | undefined {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    // A text that is not JSON equals no document of ours.
    return undefined;
  }
}
