import { describe, expect, test } from 'vitest';
import { createMarkedEvents, type MarkedEvent } from '../../../cli/backtest/marked-events.ts';
import type { Mark } from '../../../shared/rules/correlate/mark.ts';

const event: MarkedEvent = {
  index: 7,
  eventId: 'e-1',
  eventTime: '2026-11-20T02:16:00Z',
  eventName: 'GetSecretValue',
  actor: 'eve',
  subjects: { actor: 0, 'target-user': 1 },
};
const mark: Mark = { correlationId: 'c', group: '["eve"]', ruleId: 'r', eventId: 'e-1', time: 1_795_140_960_000 };

function merged(
  from: readonly [MarkedEvent, readonly Mark[]][],
  file = 'a.json',
  subjectAt = (place: number) => place,
) {
  const [own, all] = [createMarkedEvents(), createMarkedEvents()];
  for (const [each, marks] of from) own.add(each, each.subjects, marks, each.caseless);
  all.addRows(own.rows(), file, subjectAt);
  return all;
}

describe('marked events', () => {
  test('give back each mark, with its value where it has one', () => {
    const other: Mark = { ...mark, correlationId: 'd', value: 'finance' };
    expect([...merged([[event, [mark, other]]]).marks()]).toEqual([mark, other]);
  });

  test('give back an event with its file, and its subjects by their places among all', () => {
    const found = merged([[{ ...event, caseless: 'own' }, [mark]]], 'b.json', (place) =>
      place < 0 ? place : place + 10,
    );
    expect(found.event('e-1')).toEqual({
      file: 'b.json',
      event: {
        ...event,
        caseless: 'own',
        subjects: { actor: 10, session: -1, 'target-user': 11, 'target-role': -1, resource: -1 },
      },
    });
  });

  test('know an event by the file that brought it first', () => {
    const all = merged([[event, [mark]]], 'first.json');
    const again = createMarkedEvents();
    again.add({ ...event, index: 99 }, event.subjects, [mark]);
    all.addRows(again.rows(), 'second.json', (place) => place);
    expect(all.event('e-1')).toMatchObject({ file: 'first.json', event: { index: 7 } });
    expect([...all.marks()]).toEqual([mark, mark]);
  });

  test('keep apart what a record lacks and what it has as an empty text', () => {
    const bare = { ...event, eventId: null, eventTime: null, eventName: '' };
    const all = merged([[bare, [{ ...mark, eventId: '', value: '' }]]]);
    expect(all.event('')).toMatchObject({ event: { eventId: null, eventTime: null, eventName: '' } });
    expect([...all.marks()]).toEqual([{ ...mark, eventId: '', value: '' }]);
  });

  test('keep a time as the record has it, also where it is written in another way', () => {
    const times = ['2026-11-20T02:16:00Z', '2026-11-20T02:16:00.000Z', '2026-11-20T02:16Z', '2026-11-20T02:16:00.250Z'];
    const all = merged(
      times.map((eventTime) => [
        { ...event, eventId: eventTime, eventTime },
        [{ ...mark, eventId: eventTime, time: Date.parse(eventTime) }],
      ]),
    );
    expect(times.map((eventTime) => all.event(eventTime)?.event.eventTime)).toEqual(times);
  });

  test('do not know an event that left no mark', () => {
    expect(merged([[event, [mark]]]).event('e-2')).toBeUndefined();
  });

  test('hold any number of them', () => {
    const many = Array.from({ length: 1_000 }, (_, index): [MarkedEvent, Mark[]] => [
      { ...event, index, eventId: `e-${index}` },
      [{ ...mark, eventId: `e-${index}`, time: index }],
    ]);
    const all = merged(many);
    expect([...all.marks()].map(({ time }) => time)).toEqual(many.map((_, index) => index));
    expect(all.event('e-731')?.event.index).toBe(731);
  });
});
