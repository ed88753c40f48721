import type { Json, JsonObject } from '../../../shared/json.ts';
import { isJsonObject } from '../../../shared/json.ts';
import type { RecordMaker } from '../traffic/records.ts';

/**
 * Everyday records, and the rules' own examples, firing and silent, in the forms in which an engine may get one wrong: in capital
 * letters, failed, and with lists in place of values.
 */
export function engineRecords(make: RecordMaker, everyday: number, examples: readonly JsonObject[]): JsonObject[] {
  return [
    ...Array.from({ length: everyday }, (_, index) => make(index)),
    ...examples.flatMap((record) => [record, inCapitals(record), failed(record), withLists(record)]),
  ];
}

function inCapitals(record: JsonObject): JsonObject {
  return mapTexts(record, (text) => text.toUpperCase());
}

function failed(record: JsonObject): JsonObject {
  return { ...record, errorCode: 'AccessDenied', errorMessage: 'not authorized', responseElements: null };
}

function withLists(record: JsonObject): JsonObject {
  const { requestParameters } = record;
  if (!isJsonObject(requestParameters)) return record;
  const lists = Object.entries(requestParameters).map(([key, value]): [string, Json] => [
    key,
    // A list in a list is more than the query language of MongoDB looks into.
    ['another', ...(Array.isArray(value) ? value : [value ?? null])],
  ]);
  return { ...record, requestParameters: Object.fromEntries(lists) };
}

function mapTexts(object: JsonObject, change: (text: string) => string): JsonObject {
  const changed = (value: Json): Json => {
    if (typeof value === 'string') return change(value);
    if (Array.isArray(value)) return value.map(changed);
    return isJsonObject(value) ? mapTexts(value, change) : value;
  };
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, changed(value ?? null)]));
}
