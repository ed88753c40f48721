import type { Principal } from '../../shared/access/principal.ts';
import { isOwnRole } from '../../shared/cases/own-roles.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import { subjectOf } from '../../shared/cases/subject-of.ts';
import { decodePrincipal } from '../../shared/cloudtrail/decode-principal.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { SubjectSelector } from '../../shared/rules/rule.ts';
import { lookupByName } from './lookup-by-name.ts';

/** Why a detection would open no case: its record would be parked, or it is a call of Rescind itself. */
export type Caseless = 'parked' | 'own';

/** Who acted, and whom the record's detections are about. */
export type RecordSubjects = { readonly principal: Principal } & (
  | { readonly kind: 'subjects'; readonly of: (selector: SubjectSelector | 'changed') => Promise<Subject> }
  | { readonly kind: 'none'; readonly why: Caseless }
);

/** Whom a record's detections are about, by the code that decides it in the account. */
export function subjectsOfRecord(record: JsonObject): RecordSubjects {
  const decoded = decodeRecord(record);
  if (decoded.kind === 'undecodable') {
    const identity = Object.hasOwn(record, 'userIdentity') ? record.userIdentity : undefined;
    return { kind: 'none', why: 'parked', principal: decodePrincipal(identity) };
  }
  const { event } = decoded;
  const { principal, account } = event;
  if (principal.kind === 'role-session' && principal.account === account && isOwnRole(principal.roleName)) {
    return { kind: 'none', why: 'own', principal };
  }
  const lookup = lookupByName(account);
  return { kind: 'subjects', principal, of: (selector) => subjectOf(event, selector, lookup) };
}
