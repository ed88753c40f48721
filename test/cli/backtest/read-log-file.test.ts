import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { readLogFile } from '../../../cli/backtest/read-log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-logs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const one = { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser', eventID: 'e-1' };
const two = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', eventID: 'e-2' };
const file = JSON.stringify({ Records: [one, two] });

async function read(name: string, content: string | Buffer): Promise<string[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const entries: string[] = [];
  for await (const batch of readLogFile({ path, bytes: content.length })) {
    for (const entry of batch) entries.push(entry.kind === 'record' ? String(entry.record.eventID) : entry.reason);
  }
  return entries;
}

describe('a log file', () => {
  test.each([
    ['of CloudTrail', 'a.json', file],
    ['of CloudTrail, gzipped', 'a.json.gz', gzipSync(file)],
    ['gzipped in two parts', 'parts.json.gz', Buffer.concat([gzipSync(file.slice(0, 20)), gzipSync(file.slice(20))])],
    ['written for people', 'pretty.json', JSON.stringify({ Records: [one, two] }, null, 2)],
    ['with a byte order mark', 'bom.json', `\ufeff${file}`],
    ['as a list', 'list.json', JSON.stringify([one, two])],
    ['with a record a line', 'lines.jsonl', `${JSON.stringify(one)}\n\n${JSON.stringify(two)}\n`],
    [
      'with a log file a line',
      'logs.jsonl',
      `${JSON.stringify({ Records: [one] })}\r\n${JSON.stringify({ Records: [two] })}`,
    ],
    [
      'of EventBridge events',
      'events.jsonl',
      [one, two]
        .map((detail) => JSON.stringify({ source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail', detail }))
        .join('\n'),
    ],
    [
      'as LookupEvents answers',
      'lookup.json',
      JSON.stringify({
        Events: [one, two].map((event) => ({ EventId: event.eventID, CloudTrailEvent: JSON.stringify(event) })),
      }),
    ],
  ])('%s gives its records in order', async (_, name, content) => {
    expect(await read(name, content)).toEqual(['e-1', 'e-2']);
  });

  test('that is one record gives that record', async () => {
    expect(await read('single.json', JSON.stringify(one))).toEqual(['e-1']);
  });

  test('that is a digest holds no records', async () => {
    expect(await read('digest.json', JSON.stringify({ awsAccountId: '111122223333', digestS3Bucket: 'logs' }))).toEqual(
      [],
    );
  });

  test.each([
    [
      'what is no record among records',
      'mixed.json',
      JSON.stringify({ Records: [one, null, 7, [two], {}, two] }),
      [
        'e-1',
        'a record is an object, this is null',
        'a record is an object, this is a number',
        'a record is an object, this is a list',
        'not a CloudTrail record: it has no eventSource and eventName',
        'e-2',
      ],
    ],
    [
      'half a line',
      'half.jsonl',
      `${JSON.stringify(one)}\n${JSON.stringify(two)}\n${JSON.stringify(one).slice(0, 30)}`,
      ['e-1', 'e-2', 'the JSON is cut off'],
    ],
    [
      'a broken line between others',
      'broken.jsonl',
      `${JSON.stringify(one)}\n{"a": nope}\n${JSON.stringify(two)}`,
      ['e-1', 'not valid JSON', 'e-2'],
    ],
    ['a file cut off within a record', 'cut.json', file.slice(0, -20), ['e-1', 'the JSON is cut off']],
    ['a text that is no JSON', 'text.json', 'hello there', ['not valid JSON']],
    ['an empty file', 'empty.json', '', ['the file is empty']],
    [
      'a CloudTrailEvent that is no JSON',
      'bad-lookup.json',
      '{"Events":[{"CloudTrailEvent":"{"}]}',
      ['CloudTrailEvent: not valid JSON at character 1'],
    ],
  ])('names %s and keeps the rest', async (_, name, content, expected) => {
    const entries = await read(name, content);
    expect(entries).toEqual(expected);
  });

  test('cut off within gzip gives what can be unpacked and names the break', async () => {
    const records = Array.from({ length: 400 }, (_, index) => ({
      ...one,
      eventID: `e-${index}`,
      noise: Math.sin(index).toString(36),
    }));
    const packed = gzipSync(JSON.stringify({ Records: records }));
    const entries = await read('cut.json.gz', packed.subarray(0, packed.length - 2_000));
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.slice(0, -1)).toEqual(records.slice(0, entries.length - 1).map((record) => record.eventID));
    expect(entries.at(-1)).toMatch(/^the gzip data is damaged or cut off: /);
  });

  test('with hostile keys, numbers and depth gives its record', async () => {
    const deep = `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`;
    const text = `{"eventID":"e-1","eventSource":"s","eventName":"n","__proto__":{"x":1},"n":123456789012345678901234567890,"s":"\\ud800","deep":${deep}}`;
    expect(await read('hostile.json', text)).toEqual(['e-1']);
  });

  test('that is gone gives one entry that says so', async () => {
    const entries = [];
    for await (const batch of readLogFile({ path: join(folder, 'gone.json'), bytes: 1 })) entries.push(...batch);
    expect(entries).toMatchObject([{ kind: 'unreadable', reason: expect.stringContaining('the file cannot be read') }]);
  });

  test.each([
    ['lines', `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`],
    ['one document', JSON.stringify({ Records: [one, two] }, null, 1)],
  ])('too large to read whole is streamed, as %s', async (kind, content) => {
    const path = join(folder, `large-${kind}.json`);
    writeFileSync(path, content);
    const ids = [];
    // A size past the limit stands in for the bytes themselves.
    for await (const batch of readLogFile({ path, bytes: 2 ** 40 })) {
      for (const entry of batch) ids.push(entry.kind === 'record' ? entry.record.eventID : entry.reason);
    }
    expect(ids).toEqual(['e-1', 'e-2']);
  });
});
