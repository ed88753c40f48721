import { expect, test } from 'vitest';
import { outputWidth, tableLines } from '../../../cli/terminal/table.ts';
import { printable } from '../../../shared/page/printable.ts';

const columns = [{ title: 'N', align: 'right' }, { title: 'WHAT', shrink: true }, { title: 'WHERE' }] as const;

test('a table lines its columns up', () => {
  expect(
    tableLines(
      columns,
      [
        ['1', 'first', 'here'],
        ['20', 'second thing', 'there'],
      ],
      80,
    ),
  ).toEqual([' N  WHAT          WHERE', ' 1  first         here', '20  second thing  there']);
});

test('a table that is too wide cuts the columns that may shrink', () => {
  const lines = tableLines(columns, [['1', 'a very long description of it', 'somewhere']], 30);
  expect(lines.every((line) => line.length <= 30)).toBe(true);
  expect(lines[1]).toMatch(/^1 {2}a very .*… {2}somewhere$/);
});

test('a column whose cells begin alike loses their start', () => {
  const arns = ['arn:aws:secretsmanager:us-east-1:111122223333:secret:finance/db', 'arn:aws:s3:::finance'];
  expect(
    tableLines(
      [{ title: 'RESOURCE', shrink: 'start' }],
      arns.map((arn) => [arn]),
      22,
    ),
  ).toEqual(['RESOURCE', '…333:secret:finance/db', 'arn:aws:s3:::finance']);
});

test('a table for a file has one width everywhere', () => {
  expect(outputWidth({ columns: 40 })).toBe(120);
  expect(outputWidth({ columns: 40, isTTY: true })).toBe(40);
});

test.each([
  ['plain text – with accents é', 'plain text – with accents é'],
  ['\u001b[2Jgone', '\\u{1b}[2Jgone'],
  ['line\r\nforged', 'line\\u{d}\\u{a}forged'],
  ['right\u202eto left', 'right\\u{202e}to left'],
  ['half \ud800', 'half \\u{d800}'],
])('text from a record is printed without its power: %j', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('text from a record is cut in length', () => {
  expect(printable('x'.repeat(300), 10)).toBe('xxxxxxxxx…');
});
