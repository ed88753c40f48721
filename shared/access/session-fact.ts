import type { AccessEvent } from './access-event.ts';
import { type HeldSession, sessionGiven, sessionInUse } from './held-session.ts';
import { type IssuedSession, issuedSession } from './issued-session.ts';
import { type PersonName, personName } from './person.ts';

/** What one record tells of sessions. The same however often, and in whatever order, records come. */
export type SessionFact =
  | ({ readonly kind: 'issued' } & IssuedSession)
  | ({ readonly kind: 'held' } & HeldSession)
  | ({ readonly kind: 'named' } & PersonName);

export function sessionFacts(event: AccessEvent): readonly SessionFact[] {
  const issued = issuedSession(event);
  const used = sessionInUse(event);
  const named = personName(event);
  return [
    ...(issued === undefined
      ? []
      : [{ kind: 'issued', ...issued } as const, { kind: 'held', ...sessionGiven(issued) } as const]),
    ...(used === undefined ? [] : [{ kind: 'held', ...used } as const]),
    ...(named === undefined ? [] : [{ kind: 'named', ...named } as const]),
  ];
}
