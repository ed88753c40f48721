import type { Json } from '../../shared/json.ts';

/** A field of a record, if it is a text that says something. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
