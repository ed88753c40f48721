import type { AccessEvent } from '../../shared/access/access-event.ts';
import { isOwnRole } from '../../shared/cases/own-roles.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import { createLogCoverage, type LogCoverage } from '../../shared/rules/first-seen/log-coverage.ts';
import type { Run } from '../../shared/rules/first-seen/sighting.ts';
import { createSightings } from '../../shared/rules/first-seen/sightings.ts';
import type { LogFile } from '../backtest/log-files.ts';
import type { Progress } from '../backtest/progress.ts';
import { readLogFile } from '../backtest/read-log-file.ts';

export type ReadDeps = {
  /** The account whose records are noted. */
  readonly account: string;
  readonly isRecorded: (event: AccessEvent) => boolean;
  readonly keysToNote: (event: AccessEvent) => readonly string[];
  readonly progress: Progress;
};

export type ReadTotals = {
  readonly records: number;
  /** Of what `record` keeps. */
  readonly noted: number;
  readonly unreadable: number;
  /** Records of other accounts. */
  readonly foreign: number;
  readonly first?: string;
  readonly last?: string;
};

/** As many keys as some hundred megabytes hold; then they are written, and the rest is read. */
const KEYS_AT_ONCE = 250_000;

/** Sightings as `record` would have noted them. They come in parts, so that logs of any length fit; a key may come again. */
export async function readSightings(
  files: readonly LogFile[],
  { account, isRecorded, keysToNote, progress }: ReadDeps,
  write: (runs: readonly (readonly [key: string, run: Run])[]) => Promise<void>,
): Promise<{ readonly totals: ReadTotals; readonly coverage: LogCoverage }> {
  const coverage = createLogCoverage();
  const totals = { records: 0, noted: 0, unreadable: 0, foreign: 0 };
  let span: { first?: string; last?: string } = {};
  let sightings = createSightings();
  let keys = new Set<string>();
  const writeOut = async () => {
    // Older runs of a key are of no use: a mark is its newest.
    await write([...sightings.runs()].flatMap(([key, runs]) => runs.slice(-1).map((run) => [key, run] as const)));
    sightings = createSightings();
    keys = new Set();
  };
  for (const file of files) {
    let before = totals.records;
    let bytes = file.bytes;
    for await (const entries of readLogFile(file)) {
      for (const entry of entries) {
        totals.records += 1;
        const decoded = entry.kind === 'record' ? decodeRecord(entry.record) : undefined;
        if (decoded?.kind !== 'decoded') {
          totals.unreadable += 1;
          continue;
        }
        const { event } = decoded;
        if (event.account !== account) {
          totals.foreign += 1;
          continue;
        }
        span = {
          first: span.first === undefined || event.eventTime < span.first ? event.eventTime : span.first,
          last: span.last === undefined || event.eventTime > span.last ? event.eventTime : span.last,
        };
        const time = Date.parse(event.eventTime);
        coverage.add(event.eventSource, time);
        if (!isRecorded(event) || isOwn(event)) continue;
        totals.noted += 1;
        for (const key of keysToNote(event)) {
          keys.add(key);
          sightings.note(key, { time, eventId: event.eventId });
        }
      }
      progress.advance(bytes, totals.records - before);
      bytes = 0;
      before = totals.records;
      if (keys.size >= KEYS_AT_ONCE) await writeOut();
    }
  }
  await writeOut();
  return { totals: { ...totals, ...span }, coverage };
}

/** By name, for the ids of roles that were there before are not known. Whoever has taken such a name is noted less, and so told of more. */
function isOwn({ principal }: AccessEvent): boolean {
  return principal.kind === 'role-session' && isOwnRole(principal.roleName);
}
