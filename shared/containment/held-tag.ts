import { isJsonObject } from '../json.ts';
import type { Call } from './call.ts';

/** A tag on a principal that is contained: where the organisation's guard stands, nobody but the exempt changes whoever bears it. */
export const HELD_TAG = 'rescind:held';

/** What it says; the guard asks only whether it is there. */
export const HELD_VALUE = 'by Rescind';

/** The value that a call writes. A call about any other tag was not made by a plan of ours: a fault, not an outcome. */
export function heldValue({ operation, input }: Pick<Call, 'operation' | 'input'>): string {
  const [tag, ...more] = Array.isArray(input.Tags) ? input.Tags : [];
  if (!isJsonObject(tag) || tag.Key !== HELD_TAG || typeof tag.Value !== 'string' || more.length > 0) {
    throw new TypeError(`${operation} of another tag than ${HELD_TAG}`);
  }
  return tag.Value;
}
