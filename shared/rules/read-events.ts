import { isReadEventName } from '../cloudtrail/read-event-name.ts';
import type { Detection } from './detection.ts';
import { literalOf } from './evaluate/text-matcher.ts';
import { narrowingsOf, type TextTest } from './narrowing.ts';

/** Can a rule fire on a List, Get or Describe call? Without a name to go by the answer is yes: no hit may be lost. */
export function needsReadEvents(detection: Detection): boolean {
  return narrowingsOf(detection).some(({ name }) => name === undefined || name.some(mayBeReadEvent));
}

const READ_PREFIXES = ['get', 'list', 'describe'];

export function mayBeReadEvent(test: TextTest): boolean {
  const literal = literalOf(test.pattern);
  if (literal !== undefined) return isReadEventName(literal);
  const [first] = test.pattern;
  const head = first?.kind === 'text' ? first.text.toLowerCase() : '';
  return READ_PREFIXES.some((prefix) => prefix.startsWith(head) || head.startsWith(prefix));
}
