import { printable } from '../../shared/page/printable.ts';
import { colour } from '../terminal/colour.ts';
import { number } from '../terminal/plural.ts';

const MAX_NAMED = 10;

/** A heading and a table below it. */
export function section(title: string, lines: readonly string[]): string[] {
  const [heading = '', ...rest] = lines;
  return ['', colour.bold(title), colour.dim(heading), ...rest];
}

/** A heading with a count and the first few lines below it; nothing where there is nothing. */
export function named(title: string, count: number, lines: readonly string[]): string[] {
  if (count === 0) return [];
  const shown = lines.slice(0, MAX_NAMED).map((line) => `  ${printable(line, 300)}`);
  return [
    '',
    colour.bold(`${title} (${number(count)})`),
    ...shown,
    ...(count > shown.length ? [`  and ${number(count - shown.length)} more`] : []),
  ];
}
