import { LONGEST_LOCK_SECONDS } from '../config/policy-defaults.ts';
import { isJsonObject } from '../json.ts';
import { VERDICTS } from './case.ts';
import type { Order } from './operate.ts';

export type OrderReading =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Short and plain: it goes into keys, into names of executions and into logs. */
const CASE_ID = /^[A-Za-z0-9-]{1,40}$/;

/** An order as it comes over the wire: every member is checked, none is guessed. */
export function readOrder(text: string): OrderReading {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return unreadable('An order is a JSON object, for example {"kind":"release","caseId":"C-…","all":false}.');
  }
  if (!isJsonObject(body)) return unreadable('An order is a JSON object.');
  const { kind, caseId, all, verdict, planHash } = body;
  if (kind === 'close-breaker') return { kind: 'order', order: { kind } };
  if (typeof caseId !== 'string' || !CASE_ID.test(caseId)) return unreadable('An order names its case in "caseId".');
  switch (kind) {
    case 'approve':
    case 'reject':
      if (planHash !== undefined && typeof planHash !== 'string') return unreadable('A "planHash" is text.');
      return { kind: 'order', order: { kind, caseId, ...(planHash === undefined ? {} : { planHash }) } };
    case 'release':
      if (typeof all !== 'boolean') return unreadable('A release says in "all" whether withheld items come back too.');
      return { kind: 'order', order: { kind, caseId, all } };
    case 'extend':
      if (!isSeconds(body.seconds)) return unreadable('An extension says in "seconds" by how much, at most 30 days.');
      return { kind: 'order', order: { kind, caseId, seconds: body.seconds } };
    case 'close': {
      const known = VERDICTS.find((word) => word === verdict);
      if (known === undefined) return unreadable(`A verdict is one of ${VERDICTS.join(', ')}.`);
      return { kind: 'order', order: { kind, caseId, verdict: known } };
    }
    default:
      return unreadable('The order is not known: approve, reject, release, extend, close or close-breaker.');
  }
}

function isSeconds(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_LOCK_SECONDS;
}

function unreadable(why: string): OrderReading {
  return { kind: 'unreadable', why };
}
