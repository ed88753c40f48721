import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PersonName } from '../access/person.ts';
import type { SessionFact } from '../access/session-fact.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import { accessKeys } from './access-items.ts';
import { queryAccess } from './access-query.ts';
import { fromItem, type Item } from './items.ts';

/** What records told of sessions, in the access table. */
export function createSessionReader(client: DynamoDBClient, table: string): SessionReader {
  return {
    async factsOf(accessKeyId) {
      const items = await queryAccess(client, table, { attribute: 'pk', value: accessKeys.ofSession(accessKeyId) });
      return items.map(factOf);
    },

    async sessionsOf(of, { since, until, limit }) {
      const items = await queryAccess(client, table, {
        ...accessKeys.sessionsOf(of),
        from: since,
        // Behind the time stands what kind of fact it is.
        ...(until === undefined ? {} : { to: `${until}~` }),
        limit,
      });
      return items.map(factOf);
    },

    async namesOf(person) {
      const items = await queryAccess(client, table, { attribute: 'pk', value: accessKeys.person(person) });
      return items.map((item) => fromItem<PersonName>(item).name);
    },

    async personsNamed(name) {
      const items = await queryAccess(client, table, { attribute: 'resource', value: accessKeys.person(name) });
      return items.map((item) => fromItem<PersonName>(item).person);
    },
  };
}

/** Only the access store writes these, so the shape is its own. */
function factOf(item: Item): SessionFact {
  const { resource: _resource, session: _session, ttl: _ttl, ...fact } = fromItem<SessionFact & IndexKeys>(item);
  return fact;
}

type IndexKeys = { readonly resource?: string; readonly session?: string; readonly ttl: number };
