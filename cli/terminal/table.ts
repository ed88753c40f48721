export type Column = {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Gives way when the table is too wide, at the end of its cells or at their start; a column without it keeps its width. */
  readonly shrink?: true | 'start';
};

const GAP = '  ';
/** A column never gets narrower than this; below, the table is wider than the terminal and the terminal wraps it. */
const NARROWEST = 12;

/** A table as lines that fit the width; what a cell loses is replaced by `…`. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  let excess = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1) - width;
  while (excess > 0) {
    const widest = columns
      .flatMap((column, index) => (column.shrink !== undefined && (widths[index] ?? 0) > NARROWEST ? [index] : []))
      .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => {
        const cell = cellOf(cells[index] ?? '', widths[index] ?? 0, column.shrink);
        return column.align === 'right' ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)];
}

/** The width to lay out for: the terminal's, or a fixed one when piped, so that a file looks the same everywhere. */
export function outputWidth(stream: { readonly columns?: number | undefined; readonly isTTY?: boolean }): number {
  return stream.isTTY === true ? (stream.columns ?? 100) : 120;
}

function cellOf(text: string, width: number, loses: Column['shrink']): string {
  if (text.length <= width) return text;
  const kept = Math.max(width - 1, 0);
  return loses === 'start' ? `…${text.slice(text.length - kept)}` : `${text.slice(0, kept)}…`;
}
