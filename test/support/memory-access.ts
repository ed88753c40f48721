import type { AccessEntry } from '../../shared/access/access-entry.ts';
import type { SessionFact } from '../../shared/access/session-fact.ts';
import { type AccessPartition, accessKeys } from '../../shared/aws/access-items.ts';
import type { AccessReader } from '../../shared/ports/access-reader.ts';
import type { AccessStore } from '../../shared/ports/access-store.ts';
import type { SessionReader } from '../../shared/ports/session-reader.ts';

type Kept = { readonly pk: string; readonly sk: string; readonly resource?: string; readonly session?: string };
type Range = { readonly from?: string; readonly to?: string; readonly limit?: number };

/** The access table by its own keys, without summaries: as much of it as putting sessions together asks for. */
export function createMemoryAccess() {
  const entries = new Map<string, Kept & { readonly value: AccessEntry }>();
  const facts = new Map<string, Kept & { readonly value: SessionFact }>();
  let queries = 0;

  function query<Value>(
    items: ReadonlyMap<string, Kept & { readonly value: Value }>,
    { attribute, value }: AccessPartition,
    { from = '', to = '\uFFFF', limit = Number.POSITIVE_INFINITY }: Range = {},
  ): readonly Value[] {
    queries += 1;
    return [...items.values()]
      .filter((item) => item[attribute] === value && item.sk >= from && item.sk <= to)
      .sort((a, b) => (a.sk < b.sk ? 1 : -1))
      .slice(0, limit)
      .map((item) => item.value);
  }
  const names = (partition: AccessPartition) =>
    query(facts, partition).flatMap((fact) => (fact.kind === 'named' ? [fact] : []));

  const store: AccessStore = {
    add: async (group) => {
      for (const entry of group) {
        const keys = accessKeys.access(entry);
        entries.set(`${keys.pk} ${keys.sk}`, { ...keys, value: entry });
      }
      return { added: group.length, known: 0 };
    },
    addSessionFact: async (fact) => {
      const keys = accessKeys.sessionFact(fact);
      facts.set(`${keys.pk} ${keys.sk}`, { ...keys, value: fact });
    },
  };
  const reader: SessionReader & Pick<AccessReader, 'accessesBy' | 'accessesIn'> = {
    accessesBy: async (principal, { day, since, limit }) =>
      query(entries, { attribute: 'pk', value: accessKeys.ofPrincipal(principal, day) }, { from: since, limit }),
    accessesIn: async (session, { since, limit }) =>
      query(entries, { attribute: 'session', value: session }, { from: since, limit }),
    factsOf: async (accessKeyId) => query(facts, { attribute: 'pk', value: accessKeys.ofSession(accessKeyId) }),
    sessionsOf: async (of, { since, until, limit }) =>
      query(facts, accessKeys.sessionsOf(of), {
        from: since,
        limit,
        ...(until === undefined ? {} : { to: `${until}~` }),
      }),
    namesOf: async (person) => names({ attribute: 'pk', value: accessKeys.person(person) }).map(({ name }) => name),
    personsNamed: async (name) =>
      names({ attribute: 'resource', value: accessKeys.person(name) }).map(({ person }) => person),
  };
  return { store, reader, queries: () => queries };
}
