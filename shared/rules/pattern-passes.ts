import { isReadEventName } from '../cloudtrail/read-event-name.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { EventPattern } from './event-patterns.ts';

/**
 * Would EventBridge deliver the record by the pattern? Of EventBridge's matching it knows the operators that our patterns
 * use, and looks at the record alone: that it came from CloudTrail is taken as given.
 */
export function patternPasses({ pattern, readEvents }: EventPattern, record: JsonObject): boolean {
  if (!readEvents && typeof record.eventName === 'string' && isReadEventName(record.eventName)) return false;
  const { detail } = pattern;
  if (!isJsonObject(detail)) return true;
  return Object.entries(detail).every(([field, matchers]) => {
    const value = Object.hasOwn(record, field) ? record[field] : undefined;
    return (
      typeof value === 'string' && Array.isArray(matchers) && matchers.some((matcher: Json) => meets(matcher, value))
    );
  });
}

function meets(matcher: Json, value: string): boolean {
  if (typeof matcher === 'string') return matcher === value;
  if (!isJsonObject(matcher)) return false;
  const { prefix, suffix, 'equals-ignore-case': equal } = matcher;
  if (typeof equal === 'string') return value.toLowerCase() === equal.toLowerCase();
  if (prefix !== undefined) return compares(prefix, value, (whole, part) => whole.startsWith(part));
  if (suffix !== undefined) return compares(suffix, value, (whole, part) => whole.endsWith(part));
  throw new Error(`no pattern of ours says ${JSON.stringify(matcher)}`);
}

function compares(operand: Json, value: string, test: (whole: string, part: string) => boolean): boolean {
  if (typeof operand === 'string') return test(value, operand);
  const folded = isJsonObject(operand) ? operand['equals-ignore-case'] : undefined;
  return typeof folded === 'string' && test(value.toLowerCase(), folded.toLowerCase());
}
