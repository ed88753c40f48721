import { isAscii } from 'node:buffer';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import type { LogFile } from './log-files.ts';
import { createRecordScanner } from './record-scanner.ts';
import { type LogEntry, parseReason, unreadable, unwrapOne, unwrapRecords } from './unwrap-records.ts';

/** Read whole up to here, which is fastest; CloudTrail's own files are far smaller. Larger ones are streamed. */
const WHOLE_BYTES = 64 * 1024 * 1024;
const BATCH = 5_000;

/**
 * The entries of a log file in order, in batches. Never throws for what is in the file: whatever cannot be read is an entry
 * that says why, and what can be read of a damaged file is.
 */
export async function* readLogFile(file: LogFile): AsyncGenerator<LogEntry[]> {
  if (file.bytes > WHOLE_BYTES) {
    yield* streamed(file);
    return;
  }
  let bytes: Buffer;
  try {
    bytes = readFileSync(file.path);
  } catch (error) {
    yield [unreadable(`the file cannot be read: ${error instanceof Error ? error.message : String(error)}`)];
    return;
  }
  if (bytes.length === 0) {
    yield [unreadable('the file is empty')];
    return;
  }
  if (!isGzip(bytes)) {
    yield* batchesOf(bytes);
    return;
  }
  let plain: Buffer;
  try {
    plain = gunzipSync(bytes, { maxOutputLength: 4 * WHOLE_BYTES, chunkSize: plainSize(bytes) });
  } catch (error) {
    if (error instanceof RangeError) yield* streamed(file);
    else yield salvaged(bytes, error);
    return;
  }
  yield* batchesOf(plain);
}

/** No format of deflate packs more than this into a byte. */
const MOST_PACKED = 1_032;

/**
 * How much room to unpack into: one piece of the right size takes a quarter less time than many small ones. The size stands
 * in the last four bytes; it is the file's word, so it is believed only as far as the file could hold it.
 */
function plainSize(bytes: Buffer): number {
  const stated = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  const possible = Math.min(stated, bytes.length * MOST_PACKED, 4 * WHOLE_BYTES);
  // One more, so that the end is seen without another piece.
  return Math.max(possible + 1, 16 * 1024);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What a damaged gzip file still gives, followed by the reason for what it does not. */
function salvaged(bytes: Buffer, cause: unknown): LogEntry[] {
  const reason = `the gzip data is damaged or cut off: ${cause instanceof Error ? cause.message : String(cause)}`;
  try {
    const text = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
    const entries = text === '' ? [] : entriesOf(text);
    // The record at the break is the one the reason is about.
    const last = entries.at(-1);
    return [...(last?.kind === 'unreadable' ? entries.slice(0, -1) : entries), unreadable(reason)];
  } catch {
    // Not even a beginning can be unpacked; the first error says why.
    return [unreadable(reason)];
  }
}

const HEAD = Buffer.from('{"Records":[');
const TAIL = Buffer.from(']}');
/** Between two records, as CloudTrail writes them. A quote within a value is escaped, so this is no part of a value. */
const BETWEEN = Buffer.from('},{"eventVersion":');
const [OPEN_LIST = 0, CLOSE_LIST = 0] = Buffer.from('[]');
/**
 * About fifty records. What is alive at once stays so small that collecting the garbage costs next to nothing; from texts above
 * 100 KB on, V8 treats what it parses as made to last, which with many rules took a third of a backtest.
 */
const BATCH_BYTES = 64 * 1024;

/**
 * The entries of a whole document. A file of CloudTrail's own is parsed some records at a time, with the same result.
 * Exported for its tests.
 */
export function* batchesOf(bytes: Buffer, atLeast = BATCH_BYTES): Generator<LogEntry[]> {
  // ASCII needs no decoding, which is a third of the time that UTF-8 takes.
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  const end = bytes.length - TAIL.length;
  if (!bytes.subarray(0, HEAD.length).equals(HEAD) || !bytes.subarray(end).equals(TAIL)) {
    yield entriesOf(bytes.toString(encoding));
    return;
  }
  let given = 0;
  for (let from = HEAD.length; from < end; ) {
    const cut = bytes.indexOf(BETWEEN, from + atLeast);
    const to = cut < 0 ? end : cut + 1;
    const records = parsedList(bytes, from, to, encoding);
    if (records === undefined) {
      // Cut within a record, or the text is damaged: seen whole, the entries up to here are the same.
      yield entriesOf(bytes.toString(encoding)).slice(given);
      return;
    }
    given += records.length;
    yield records.map(unwrapOne);
    from = to + 1;
  }
}

/** Elements of a list, if it is so many whole ones. The bytes about them are brackets meanwhile, which saves a copy. */
function parsedList(bytes: Buffer, from: number, to: number, encoding: 'latin1' | 'utf8'): unknown[] | undefined {
  const [before = 0, after = 0] = [bytes[from - 1], bytes[to]];
  bytes[from - 1] = OPEN_LIST;
  bytes[to] = CLOSE_LIST;
  const text = bytes.toString(encoding, from - 1, to + 1);
  bytes[from - 1] = before;
  bytes[to] = after;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

/** Exported for its tests: the entries of a whole text. */
export function entriesOf(text: string): LogEntry[] {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return unwrapRecords(JSON.parse(clean));
  } catch (error) {
    const lines = clean.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > 1 && lines.slice(0, 2).some(isJson)) return lines.flatMap(lineEntries);
    return scanned(clean, parseReason(error));
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function lineEntries(line: string): LogEntry[] {
  try {
    return unwrapRecords(JSON.parse(line));
  } catch (error) {
    return [unreadable(parseReason(error))];
  }
}

function recordEntry(text: string): LogEntry {
  try {
    return unwrapOne(JSON.parse(text));
  } catch (error) {
    return unreadable(parseReason(error));
  }
}

/** Something was wrong with the text, or it would not be here: the reason is given even where every record was found. */
function scanned(text: string, reason: string): LogEntry[] {
  const scanner = createRecordScanner();
  const entries = scanner.feed(text).map(recordEntry);
  if (!entries.some((entry) => entry.kind === 'record')) return [unreadable(reason)];
  if (scanner.rest() === undefined && entries.some((entry) => entry.kind === 'unreadable')) return entries;
  return [...entries, unreadable(reason)];
}

async function* streamed(file: LogFile): AsyncGenerator<LogEntry[]> {
  let batch: LogEntry[] = [];
  const lines = await isLines(file);
  try {
    if (lines) {
      for await (const line of createInterface({ input: textStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
        if (line.trim() !== '') batch.push(...lineEntries(line));
        if (batch.length >= BATCH) {
          yield batch;
          batch = [];
        }
      }
    } else {
      const scanner = createRecordScanner();
      for await (const piece of textStream(file)) {
        for (const text of scanner.feed(String(piece))) batch.push(recordEntry(text));
        if (batch.length >= BATCH) {
          yield batch;
          batch = [];
        }
      }
      if (scanner.rest() !== undefined) batch.push(unreadable('the JSON is cut off'));
    }
  } catch (error) {
    batch.push(unreadable(`the file breaks off: ${error instanceof Error ? error.message : String(error)}`));
  }
  yield batch;
}

function textStream(file: LogFile): NodeJS.ReadableStream {
  const raw = createReadStream(file.path, { highWaterMark: 1 << 20 });
  if (!/\.gz$/i.test(file.path)) return raw.setEncoding('utf8');
  const plain = createGunzip({ chunkSize: 1 << 20 });
  raw.on('error', (error) => plain.destroy(error));
  return raw.pipe(plain).setEncoding('utf8');
}

/** One JSON value a line, or one document over all lines: the first line that ends says which. */
async function isLines(file: LogFile): Promise<boolean> {
  const limit = 16 * 1024 * 1024;
  let text = '';
  try {
    for await (const piece of textStream(file)) {
      text += String(piece);
      const end = text.indexOf('\n');
      if (end >= 0) return isJson(text.slice(0, end));
      if (text.length > limit) return false;
    }
  } catch (error) {
    // The same break is met, and reported, when the file is read.
    return error instanceof Error && isJson(text);
  }
  return false;
}
