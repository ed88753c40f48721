import { resourcesOf } from '../../shared/access/resources-of.ts';
import { resultOf } from '../../shared/access/result-of.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import { printable } from '../../shared/page/printable.ts';
import type { LogFile } from '../backtest/log-files.ts';
import type { Progress } from '../backtest/progress.ts';
import { readLogFile } from '../backtest/read-log-file.ts';
import { number, plural } from '../terminal/plural.ts';
import { tableLines } from '../terminal/table.ts';

/** How the records of logs read: who acted, as far as they say, and what for the rest is in the way. */
export type DecodedLogs = {
  readonly records: number;
  /** Records by the kind of their principal; `unknown` is among them. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Why nobody can say who acted, with the number of records. */
  readonly unknown: Readonly<Record<string, number>>;
  readonly results: Readonly<Record<string, number>>;
  /** Records that name at least one resource, and how many different ones there are. */
  readonly naming: number;
  readonly resources: number;
  readonly undecodable: number;
  /** The first of them. */
  readonly problems: readonly { readonly file: string; readonly index: number; readonly reason: string }[];
};

const PROBLEMS_TOLD = 100;

/** Decodes every record as the functions do. What is counted is small, whatever the size of the logs. */
export async function decodeLogs(files: readonly LogFile[], progress: Progress): Promise<DecodedLogs> {
  const [kinds, unknown, results] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const resources = new Set<string>();
  const problems: { file: string; index: number; reason: string }[] = [];
  let [records, naming, undecodable] = [0, 0, 0];
  for (const file of files) {
    let index = 0;
    for await (const entries of readLogFile(file)) {
      for (const entry of entries) {
        records += 1;
        const decoded = entry.kind === 'unreadable' ? entry : decodeRecord(entry.record);
        if (decoded.kind !== 'decoded') {
          undecodable += 1;
          if (problems.length < PROBLEMS_TOLD) problems.push({ file: file.path, index, reason: decoded.reason });
        } else {
          const { event } = decoded;
          add(kinds, event.principal.kind);
          if (event.principal.kind === 'unknown') add(unknown, event.principal.reason);
          add(results, resultOf(event));
          const named = resourcesOf(event);
          if (named.length > 0) naming += 1;
          for (const { arn } of named) resources.add(arn);
        }
        index += 1;
      }
    }
    progress.advance(file.bytes, index);
  }
  progress.end();
  return {
    records,
    kinds: byCount(kinds),
    unknown: byCount(unknown),
    results: byCount(results),
    naming,
    resources: resources.size,
    undecodable,
    problems,
  };
}

export function decodedLines(
  { records, kinds, unknown, results, naming, resources, undecodable, problems }: DecodedLogs,
  width: number,
): readonly string[] {
  const told = Object.entries(results).map(([result, count]) => `${result} ${number(count)}`);
  return [
    `${plural(records, 'record')}, ${number(undecodable)} undecodable; ${told.join(', ')}`,
    `${number(naming)} name a resource, ${number(resources)} different ones`,
    '',
    ...tableLines(
      [{ title: 'WHO ACTED' }, { title: 'RECORDS', align: 'right' }],
      Object.entries(kinds).map(([kind, count]) => [kind, number(count)]),
      width,
    ),
    ...(Object.keys(unknown).length === 0
      ? []
      : [
          '',
          ...tableLines(
            [
              { title: 'UNKNOWN, BECAUSE', shrink: true },
              { title: 'RECORDS', align: 'right' },
            ],
            Object.entries(unknown).map(([reason, count]) => [printable(reason), number(count)]),
            width,
          ),
        ]),
    ...(problems.length === 0 ? [] : ['']),
    ...problems.map(({ file, index, reason }) => printable(`${file}, record ${index}: ${reason}`, 400)),
    ...(undecodable > problems.length ? [`and ${number(undecodable - problems.length)} more`] : []),
  ];
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function byCount(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1)));
}
