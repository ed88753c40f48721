import type { Figure } from './figure.ts';

/** A Markdown table, which a terminal shows well enough. */
export function renderFigures(figures: readonly Figure[]): readonly string[] {
  const rows = [
    ['bench', 'what', 'measured', 'limit', ''],
    ...figures.map(({ bench, what, value, limit, within }) => [
      bench,
      what,
      value,
      limit ?? '',
      within === undefined ? '' : within ? 'ok' : 'ABOVE',
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(2, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head ?? '', `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body];
}
