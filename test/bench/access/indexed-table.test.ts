import { expect, test } from 'vitest';
import { createAccessReader } from '../../../shared/aws/access-reader.ts';
import { createMemoryAccess } from '../../support/memory-access.ts';
import { createIndexedTable } from './indexed-table.ts';
import { accessOf, keysOf, PERSON } from './stored-accesses.ts';

const COUNT = 3_000;

test('the stand-in for a million items gives what the double of the unit tests gives, page by page', async () => {
  const table = createIndexedTable();
  const memory = createMemoryAccess();
  const entries = Array.from({ length: COUNT }, (_, i) => accessOf(i + 1, COUNT));
  for (const entry of entries) {
    table.add(keysOf(entry), () => ({ ...entry, ...entry.resource, ...keysOf(entry), ttl: 1 }));
    await memory.store.add([entry]);
  }
  table.sort();
  const reader = createAccessReader(table.client, 'access');
  const { at, session = '' } =
    entries.findLast(({ principal, session: of }) => principal.startsWith('role:') && of !== undefined) ?? {};
  const asked = { since: '2026-11-01T00:00:00.000Z', limit: 7 };
  expect(await reader.accessesIn(session, asked)).toEqual(await memory.reader.accessesIn(session, asked));
  const day = { ...asked, day: String(at).slice(0, 10), since: '2026-01-01T00:00:00.000Z' };
  for (const limit of [1, 3, 1_000]) {
    const found = await reader.accessesBy(PERSON, { ...day, limit });
    expect(found).toEqual(await memory.reader.accessesBy(PERSON, { ...day, limit }));
    expect(found.length).toBeGreaterThan(0);
  }
  expect(table.counted.queries).toBe(4);
});
