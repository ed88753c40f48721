import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecordScanner } from '../../../cli/backtest/record-scanner.ts';

function scan(text: string, size = text.length): { found: unknown[]; rest: string | undefined } {
  const scanner = createRecordScanner();
  const found: unknown[] = [];
  for (let at = 0; at < text.length; at += size) {
    found.push(...scanner.feed(text.slice(at, at + size)).map((each): unknown => JSON.parse(each)));
  }
  return { found, rest: scanner.rest() };
}

describe('the record scanner', () => {
  test.each([
    ['a log file', '{"Records":[{"a":1},{"b":[1,{"c":"]}"}]}]}', [{ a: 1 }, { b: [1, { c: ']}' }] }]],
    [
      'a log file with more around the list',
      '{"x":{"Records":[1]},"Records" : [ {"a":1} , {"b":2} ],"y":[3]}',
      [{ a: 1 }, { b: 2 }],
    ],
    ['a list', '[{"a":1}, {"b":"\\"[{"}]', [{ a: 1 }, { b: '"[{' }]],
    ['a record of its own', '{"a":{"Records":[1]},"b":"Records"}', [{ a: { Records: [1] }, b: 'Records' }]],
    ['one record a line', '{"a":1}\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
    ['an answer of LookupEvents', '{"Events":[{"CloudTrailEvent":"{}"}],"NextToken":"x"}', [{ CloudTrailEvent: '{}' }]],
    ['elements that are no records', '[1, "two", null, [3]]', [1, 'two', null, [3]]],
    ['an empty list', '{"Records":[]}', []],
  ])('finds the records of %s, however it is cut into pieces', (_, text, expected) => {
    for (let size = 1; size <= text.length; size += 1) {
      expect(scan(text, size)).toEqual({ found: expected, rest: undefined });
    }
  });

  test.each([
    ['{"Records":[{"a":1},{"b":', [{ a: 1 }], '{"b":'],
    ['{"Records":[{"a":1},{"b":"x', [{ a: 1 }], '{"b":"x'],
    ['[{"a":1}', [{ a: 1 }], undefined],
    ['{"a":1}\n{"b":', [{ a: 1 }], '{"b":'],
  ])('gives what came before a break, and the text begun: %s', (text, found, rest) => {
    expect(scan(text)).toEqual({ found, rest });
  });

  test('gives back the records of any log file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.integer({ min: 1, max: 50 }),
        (records, size) => {
          const json: unknown = JSON.parse(JSON.stringify(records));
          expect(scan(`{"Records": ${JSON.stringify(records, null, 1)}}`, size).found).toEqual(json);
        },
      ),
    );
  });

  test('never throws and never loops, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', '\\', 'Records', ':', ' ', '1', '\n') }),
        (text) => {
          const scanner = createRecordScanner();
          scanner.feed(text);
          scanner.rest();
        },
      ),
      { numRuns: 2000 },
    );
  });
});
