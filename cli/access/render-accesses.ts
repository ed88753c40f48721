import type { AccessEntry } from '../../shared/access/access-entry.ts';
import { printable } from '../../shared/page/printable.ts';
import type { AccessSummary } from '../../shared/ports/access-reader.ts';
import { outputWidth, tableLines } from '../terminal/table.ts';

/** Who or what stands in the middle of the table: the other side of the question. */
export type Asked = 'who' | 'what';

/** ARNs begin alike: it is their end that tells one from another. */
const RESOURCE = { title: 'RESOURCE', shrink: 'start' } as const;

/** A timeline, the newest first. Everything but the time and the result is text from records. */
export function timelineLines(
  accesses: readonly AccessEntry[],
  asked: Asked,
  width = outputWidth(process.stdout),
): readonly string[] {
  const as = asked === 'what' && new Set(accesses.map(({ who }) => who)).size > 1;
  return tableLines(
    [
      { title: 'TIME (UTC)' },
      asked === 'who' ? { title: 'WHO', shrink: true } : RESOURCE,
      ...(as ? [{ title: 'AS', shrink: true as const }] : []),
      { title: 'ACTION', shrink: true },
      { title: 'RESULT' },
      { title: 'FROM' },
      { title: 'MFA' },
    ],
    accesses.map((each) => [
      timeOf(each.at),
      printable(asked === 'who' ? each.who : (each.resource?.arn ?? '')),
      ...(as ? [printable(each.who)] : []),
      printable(`${each.source.replace('.amazonaws.com', '')}:${each.action}`),
      each.result,
      printable(each.via ?? each.sourceIp ?? ''),
      each.mfa === undefined ? '' : each.mfa ? 'yes' : 'no',
    ]),
    width,
  );
}

/** First, last and count, the newest first. */
export function summaryLines(summaries: readonly AccessSummary[], asked: Asked): readonly string[] {
  const as = asked === 'what' && new Set(summaries.map(({ who }) => who)).size > 1;
  return tableLines(
    [
      asked === 'who' ? { title: 'WHO', shrink: true } : RESOURCE,
      ...(as ? [{ title: 'AS', shrink: true as const }] : []),
      { title: 'FIRST (UTC)' },
      { title: 'LAST (UTC)' },
      { title: 'COUNT', align: 'right' },
    ],
    [...summaries]
      .sort((a, b) => (a.last < b.last ? 1 : -1))
      .map((each) => [
        printable(asked === 'who' ? `${each.who} (${each.principal})` : each.arn),
        ...(as ? [printable(each.who)] : []),
        timeOf(each.first),
        timeOf(each.last),
        String(each.count),
      ]),
    outputWidth(process.stdout),
  );
}

export function timeOf(at: string): string {
  return at.slice(0, 19).replace('T', ' ');
}
