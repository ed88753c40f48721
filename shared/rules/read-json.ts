import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** A compiled rule that is not what the compiler writes: an asset of another version, or a damaged one. */
export class RuleLoadError extends Error {
  override readonly name = 'RuleLoadError';
}

export function object(json: Json | undefined, what: string): JsonObject {
  if (isJsonObject(json)) return json;
  throw new RuleLoadError(`${what} is not an object`);
}

export function list(json: Json | undefined, what: string): readonly Json[] {
  if (Array.isArray(json)) return json;
  throw new RuleLoadError(`${what} is not a list`);
}

export function text(json: Json | undefined, what: string): string {
  if (typeof json === 'string') return json;
  throw new RuleLoadError(`${what} is not a text`);
}

export function number(json: Json | undefined, what: string): number {
  if (typeof json === 'number') return json;
  throw new RuleLoadError(`${what} is not a number`);
}

export function flag(json: Json | undefined, what: string): boolean {
  if (typeof json === 'boolean') return json;
  throw new RuleLoadError(`${what} is not true or false`);
}

export function oneOf<T extends string>(known: readonly T[], json: Json | undefined, what: string): T {
  const hit = known.find((value) => value === json);
  if (hit !== undefined) return hit;
  throw new RuleLoadError(`${what} is none of ${known.join(', ')}`);
}
