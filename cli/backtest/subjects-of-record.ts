import { isOwnRole } from '../../shared/cases/own-roles.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import { subjectOf } from '../../shared/cases/subject-of.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { SubjectSelector } from '../../shared/rules/rule.ts';
import { lookupByName } from './lookup-by-name.ts';

/** Why a detection would open no case: its record would be parked, or it is a call of Rescind itself. */
export type Caseless = 'parked' | 'own';

export type RecordSubjects =
  | { readonly kind: 'subjects'; readonly of: (selector: SubjectSelector) => Promise<Subject> }
  | { readonly kind: 'none'; readonly why: Caseless };

/** Whom a record's detections are about, by the code that decides it in the account. */
export function subjectsOfRecord(record: JsonObject): RecordSubjects {
  const decoded = decodeRecord(record);
  if (decoded.kind === 'undecodable') return { kind: 'none', why: 'parked' };
  const { event } = decoded;
  const { principal, account } = event;
  if (principal.kind === 'role-session' && principal.account === account && isOwnRole(principal.roleName)) {
    return { kind: 'none', why: 'own' };
  }
  const lookup = lookupByName(account);
  return { kind: 'subjects', of: (selector) => subjectOf(event, selector, lookup) };
}
