import { printable } from '../../shared/page/printable.ts';
import { timeOf } from '../access/render-accesses.ts';
import { plural } from '../terminal/plural.ts';
import { tableLines } from '../terminal/table.ts';
import type { AccessMap } from './access-map.ts';

/** The map as a table, the last access first. Names and ARNs are text from records. */
export function mapLines({ rows, principals, resources }: AccessMap, width: number): readonly string[] {
  return [
    ...tableLines(
      [
        { title: 'WHO', shrink: true },
        { title: 'RESOURCE', shrink: true },
        { title: 'FIRST (UTC)' },
        { title: 'LAST (UTC)' },
        { title: 'COUNT', align: 'right' },
      ],
      rows.map(({ label, principal, arn, first, last, count }) => [
        printable(`${label} (${principal})`),
        printable(arn),
        timeOf(first),
        timeOf(last),
        String(count),
      ]),
      width,
    ),
    '',
    `${plural(principals.length, 'principal')}, ${plural(resources.length, 'sensitive resource')}`,
  ];
}
