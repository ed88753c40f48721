import type { Subject } from '../../shared/cases/subject.ts';
import type { TimelineEntry } from '../../shared/cases/timeline.ts';
import { resourceName } from '../../shared/containment/resource.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts';
import type { WholeCase } from '../cases/whole-case.ts';
import type { ReceivedAlert } from '../staging/alert-receiver.ts';

/** One line of the live timeline. */
export type Moment = {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Name of the subject, short. */
  readonly who: string;
  readonly kind: 'record' | 'rule' | 'case' | 'call' | 'deny' | 'verify' | 'page';
  readonly text: string;
};

/** When the first call of a containment, the deny, went through. */
export function denyOf({ ledger }: Pick<WholeCase, 'ledger'>): string | undefined {
  const [first] = [...ledger].sort((a, b) => a.order - b.order);
  return first?.history?.find(({ state }) => state === 'done')?.at;
}

/**
 * What the case says of itself. Records and alerts are left out: the demo shows them as it puts them on the bus and as
 * the subscriber gets them.
 */
export function momentsOf(whole: WholeCase): readonly Moment[] {
  const who = shortName(whole.case.subject);
  const deny = denyOf(whole);
  const opened: Moment = { at: whole.case.openedAt, who, kind: 'case', text: `${whole.case.caseId} opened` };
  const settled = new Set(whole.ledger.flatMap(({ history = [] }) => history.map((each) => each.at)));
  const told = whole.timeline.flatMap(({ at, kind, text }): Moment[] => {
    const shown = KINDS[kind];
    // That each call was written down before it was made is one of the claims; here it would be a line for each.
    if (shown === undefined || (kind === 'call' && !settled.has(at))) return [];
    return [{ at, who, kind: shown === 'call' && at === deny ? 'deny' : shown, text }];
  });
  return [...told, opened];
}

const KINDS: Readonly<Record<TimelineEntry['kind'], Moment['kind'] | undefined>> = {
  record: undefined,
  detection: 'rule',
  state: 'case',
  call: 'call',
  verification: 'verify',
  alert: undefined,
};

/** The call in short: its name and what it was about, an ARN by its last part. */
export function momentOfRecord({ eventName, requestParameters, userIdentity }: JsonObject, at: Date): Moment {
  const values = isJsonObject(requestParameters) ? Object.values(requestParameters) : [];
  const about = values.map((value) => String(value).split('/').at(-1)).join(', ');
  return { at: at.toISOString(), who: nameOf(userIdentity), kind: 'record', text: `${eventName} ${about}`.trim() };
}

function nameOf(identity: Json | undefined): string {
  if (!isJsonObject(identity)) return '';
  const session = String(identity.arn).split(':assumed-role/')[1];
  return session ?? String(identity.userName);
}

export function momentOfAlert({ at, subject }: ReceivedAlert, who: string): Moment {
  return { at: at.toISOString(), who, kind: 'page', text: subject };
}

export function shortName(subject: Subject): string {
  switch (subject.kind) {
    case 'user':
      return subject.userName;
    case 'role':
      return subject.roleName;
    case 'session':
      return `${subject.roleName}/${subject.sessionName}`;
    case 'resource':
      return resourceName(subject);
    case 'person':
    case 'beyond':
      return subject.label;
  }
}

/** `+0.412`: seconds from the instant that everything is measured from. */
export function sinceText(at: string, zero: number): string {
  const seconds = (Date.parse(at) - zero) / 1000;
  return `${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(3)}`;
}
