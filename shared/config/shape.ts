import { isJsonObject, type JsonObject } from '../json.ts';

/**
 * Looks at one value and names, by path, each thing that is not as its type says. This is all the checking that
 * functions carry: the asset was made by `compilePolicy`, so the question is only whether it is whole, not what to
 * write instead, and a schema library would weigh more than the function.
 */
export type Check<T> = (value: unknown, at: string, wrong: string[]) => value is T;

function must(holds: boolean, at: string, what: string, wrong: string[]): boolean {
  if (!holds) wrong.push(`${at} is not ${what}`);
  return holds;
}

export const text: Check<string> = (value, at, wrong): value is string =>
  must(typeof value === 'string' && value !== '', at, 'text', wrong);

/** Text that may be empty, as a rule's description may. */
export const anyText: Check<string> = (value, at, wrong): value is string =>
  must(typeof value === 'string', at, 'text', wrong);

export const flag: Check<boolean> = (value, at, wrong): value is boolean =>
  must(typeof value === 'boolean', at, 'true or false', wrong);

/** A whole number of at least one: every duration and every limit of the policy. */
export const count: Check<number> = (value, at, wrong): value is number =>
  must(Number.isSafeInteger(value) && Number(value) >= 1, at, 'a whole number of at least 1', wrong);

/** A whole number of at least zero. */
export const natural: Check<number> = (value, at, wrong): value is number =>
  must(Number.isSafeInteger(value) && Number(value) >= 0, at, 'a whole number of at least 0', wrong);

export const json: Check<JsonObject> = (value, at, wrong): value is JsonObject =>
  must(isJsonObject(value), at, 'an object', wrong);

export function oneOf<const W>(words: readonly W[]): Check<W> {
  return (value, at, wrong): value is W =>
    must(
      words.some((word) => word === value),
      at,
      `one of ${words.join(', ')}`,
      wrong,
    );
}

export function listOf<T>(item: Check<T>): Check<readonly T[]> {
  return (value, at, wrong): value is readonly T[] => {
    if (!Array.isArray(value)) return must(false, at, 'a list', wrong);
    return value.filter((entry: unknown, index) => !item(entry, `${at}[${index}]`, wrong)).length === 0;
  };
}

/** Values by names of the operator's. */
export function mapOf<T>(item: Check<T>): Check<{ readonly [name: string]: T }> {
  return (value, at, wrong): value is { readonly [name: string]: T } => {
    if (!isJsonObject(value)) return must(false, at, 'an object', wrong);
    return Object.entries(value).filter(([name, entry]) => !item(entry, `${at}.${name}`, wrong)).length === 0;
  };
}

/** A union that its `kind` tells apart. */
export function oneKind<T extends { readonly kind: string }>(
  checks: {
    readonly [K in T['kind']]: Check<Extract<T, { readonly kind: K }>>;
  },
): Check<T> {
  const known = new Map<unknown, Check<unknown>>(Object.entries<Check<unknown>>(checks));
  return (value, at, wrong): value is T => {
    const check = isJsonObject(value) ? known.get(value.kind) : undefined;
    if (check === undefined) return must(false, at, `an object of kind ${[...known.keys()].join(', ')}`, wrong);
    return check(value, at, wrong);
  };
}

type OptionalKey<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

/** Every key of the type must be given here, so that a field added to the type cannot be forgotten. */
export function objectOf<T extends object>(
  required: { readonly [K in Exclude<keyof T, OptionalKey<T>>]: Check<T[K]> },
  optional: { readonly [K in OptionalKey<T>]-?: Check<NonNullable<T[K]>> },
): Check<T> {
  const checks: readonly (readonly [string, Check<unknown>, boolean])[] = [
    ...Object.entries<Check<unknown>>(required).map(([key, check]) => [key, check, true] as const),
    ...Object.entries<Check<unknown>>(optional).map(([key, check]) => [key, check, false] as const),
  ];
  return (value, at, wrong): value is T => {
    if (!isJsonObject(value)) return must(false, at, 'an object', wrong);
    const failed = checks.filter(([key, check, needed]) => {
      const given = Object.hasOwn(value, key) ? value[key] : undefined;
      return !(given === undefined && !needed) && !check(given, at === '' ? key : `${at}.${key}`, wrong);
    });
    return failed.length === 0;
  };
}
