import { LONGEST_LOCK_SECONDS, SHORTEST_LOCK_SECONDS } from '../config/policy-defaults.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { VERDICTS } from './case.ts';
import { type ContainOrder, LONGEST_REASON, PLAYBOOKS_BY_HAND } from './contain-by-hand.ts';
import type { NamedPrincipal } from './named-principal.ts';
import type { Order } from './operate.ts';

export type OrderReading =
  | { readonly kind: 'order'; readonly order: Order | ContainOrder }
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
  if (kind === 'contain') return readContainment(body);
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
      return unreadable('The order is not known: contain, approve, reject, release, extend, close or close-breaker.');
  }
}

function readContainment({ principal, playbook, seconds, enforce, reason, accessKeyId }: JsonObject): OrderReading {
  const named = readNamed(principal);
  if (named === undefined) return unreadable('A containment names a user, a role or a session in "principal".');
  const known = PLAYBOOKS_BY_HAND.find((word) => word === playbook);
  if (known === undefined) return unreadable(`A containment names its playbook: ${PLAYBOOKS_BY_HAND.join(', ')}.`);
  if (typeof enforce !== 'boolean') return unreadable('A containment says in "enforce" whether anything is changed.');
  if ((known === 'lock') !== (seconds !== undefined))
    return unreadable('A lock, and nothing else, says its "seconds".');
  if (seconds !== undefined && (!isSeconds(seconds) || seconds < SHORTEST_LOCK_SECONDS)) {
    return unreadable('A lock lasts from 5 minutes to 30 days, in "seconds".');
  }
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > LONGEST_REASON)) {
    return unreadable(`A reason is text of at most ${LONGEST_REASON} characters.`);
  }
  if (accessKeyId !== undefined && (typeof accessKeyId !== 'string' || !ACCESS_KEY_ID.test(accessKeyId))) {
    return unreadable('An "accessKeyId" is the id of an access key, AKIA…');
  }
  return {
    kind: 'order',
    order: {
      kind: 'contain',
      principal: named,
      playbook: known,
      enforce,
      ...(seconds === undefined ? {} : { seconds }),
      ...(reason === undefined ? {} : { reason }),
      ...(accessKeyId === undefined ? {} : { accessKeyId }),
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html */
const ACCESS_KEY_ID = /^[A-Z0-9]{16,128}$/;
/** Of users and roles: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const NAME = /^[\w+=,.@-]{1,128}$/;
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, RoleSessionName */
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const UNIQUE_ID = /^[A-Z0-9]{4,128}$/;

function readNamed(value: unknown): NamedPrincipal | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, name, sessionName, uniqueId } = value;
  if (typeof name !== 'string' || !NAME.test(name)) return undefined;
  if (uniqueId !== undefined && (typeof uniqueId !== 'string' || !UNIQUE_ID.test(uniqueId))) return undefined;
  const of = { name, ...(uniqueId === undefined ? {} : { uniqueId }) };
  if (kind === 'user' || kind === 'role') return { kind, ...of };
  const isSession = kind === 'session' && typeof sessionName === 'string' && SESSION_NAME.test(sessionName);
  return isSession ? { kind, ...of, sessionName } : undefined;
}

function isSeconds(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_LOCK_SECONDS;
}

function unreadable(why: string): OrderReading {
  return { kind: 'unreadable', why };
}
