import { isJsonObject, type Json, type JsonObject } from '../../json.ts';

export type LeafTest = (leaf: Json) => boolean;
/** Does any value under a field pass? Lists on the way and at the end stand for each of their elements. */
export type AnyLeaf = (record: JsonObject, test: LeafTest) => boolean;

export function anyLeafOf(field: string): AnyLeaf {
  const path = field.split('.').map(readerOf);
  const [only] = path;
  if (path.length === 1 && only !== undefined) {
    return (record, test) => {
      const value = only(record);
      if (value === undefined) return false;
      return isList(value) ? anyElement(value, test) : test(value);
    };
  }
  return (record, test) => walk(record, path, 0, test);
}

const MAX_FOUND = 5;

/** The first few values under a field, for whoever wants to see them. */
export function valuesUnder(field: string, record: JsonObject): Json[] {
  const found: Json[] = [];
  anyLeafOf(field)(record, (leaf) => {
    found.push(leaf);
    return found.length >= MAX_FOUND;
  });
  return found;
}

/** Is there any value under the field, be it null or an empty list? */
export function isPresent(field: string): (record: JsonObject) => boolean {
  const path = field.split('.').map(readerOf);
  const present = (value: Json, depth: number): boolean => {
    const reader = path[depth];
    if (reader === undefined) return true;
    if (isList(value)) return anyElement(value, (element) => present(element, depth));
    const next = isJsonObject(value) ? reader(value) : undefined;
    return next !== undefined && present(next, depth + 1);
  };
  return (record) => present(record, 0);
}

type Reader = (object: JsonObject) => Json | undefined;

/** Only names that every object inherits need the slower look at own keys. */
function readerOf(key: string): Reader {
  if (key in Object.prototype) return (object) => (Object.hasOwn(object, key) ? object[key] : undefined);
  return (object) => object[key];
}

function walk(start: Json, path: readonly Reader[], from: number, test: LeafTest): boolean {
  let value = start;
  for (let depth = from; depth < path.length; depth += 1) {
    if (typeof value !== 'object' || value === null) return false;
    if (isList(value)) return anyElement(value, (element) => walk(element, path, depth, test));
    const reader = path[depth];
    const next = reader === undefined ? undefined : reader(value);
    if (next === undefined) return false;
    value = next;
  }
  return isList(value) ? anyElement(value, test) : test(value);
}

function anyElement(list: readonly Json[], test: LeafTest): boolean {
  for (const element of list) {
    if (isList(element) ? anyNested(element, test) : test(element)) return true;
  }
  return false;
}

/** Lists in lists, which AWS does not write. Not recursive: how deep they are is the sender's choice. */
function anyNested(list: readonly Json[], test: LeafTest): boolean {
  const pending: Iterator<Json>[] = [list.values()];
  for (let open = pending.at(-1); open !== undefined; open = pending.at(-1)) {
    const { done, value } = open.next();
    if (done === true) pending.pop();
    else if (isList(value)) pending.push(value.values());
    else if (test(value)) return true;
  }
  return false;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
