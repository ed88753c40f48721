import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Random } from './random.ts';
import type { RecordMaker } from './records.ts';

export type Logs = {
  readonly folder: string;
  readonly files: readonly string[];
  readonly records: number;
  /** Of JSON text, before it is zipped. */
  readonly plainBytes: number;
};

/** Files as CloudTrail delivers them: one JSON document each, zipped, from a quiet minute to a busy one. */
export function writeLogs(folder: string, records: number, make: RecordMaker, random: Random): Logs {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  let written = 0;
  let plainBytes = 0;
  while (written < records) {
    // 20 to 2,420 records, more of the small ones.
    const count = Math.min(20 + Math.floor(random.below(49) ** 2 * 1.04), records - written);
    const text = JSON.stringify({ Records: Array.from({ length: count }, (_, index) => make(written + index)) });
    const file = join(folder, `111122223333_CloudTrail_eu-west-1_${String(files.length).padStart(6, '0')}.json.gz`);
    writeFileSync(file, gzipSync(text));
    files.push(file);
    written += count;
    plainBytes += text.length;
  }
  return { folder, files, records, plainBytes };
}
