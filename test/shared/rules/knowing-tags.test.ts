import { expect, test } from 'vitest';
import { knowingTags } from '../../../shared/rules/evaluate/knowing-tags.ts';

const NOTHING = { hits: [], matches: [], suppressed: [], undecided: [], faults: [] };

test.each([
  ['once where it did not come down to a tag, and without a call', false, 1],
  ['again after a look where it did', true, 2],
])('a record is judged %s', async (_, asked, times) => {
  const judged: number[] = [];
  const evaluate = () => {
    judged.push(judged.length);
    return { ...NOTHING, suppressed: [{ rule: { id: `${judged.length}` } as never, by: 'x' }] };
  };
  const found = await knowingTags(evaluate, { refreshIfAsked: async () => asked })({ eventID: 'e-1' });
  expect(judged).toHaveLength(times);
  expect(found.suppressed.map(({ rule }) => rule.id)).toEqual([`${times}`]);
});

test('what was found without the tags holds where it cannot be read what bears them, and why is told', async () => {
  const why = new Error('throttled');
  const found = { ...NOTHING, matches: [{ id: 'another' } as never] };
  const judge = knowingTags(() => found, { refreshIfAsked: () => Promise.reject(why) });
  expect(await judge({ eventID: 'e-1' })).toEqual({ ...found, unread: why });
});
