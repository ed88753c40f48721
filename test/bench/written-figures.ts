import type { Figure } from './figure.ts';

/** The figures in a table that `renderFigures` made. */
export function readFigures(markdown: string): Figure[] {
  return markdown
    .split('\n')
    .slice(2)
    .flatMap((line): Figure[] => {
      const [, bench, what, value, limit, verdict] = line.split('|').map((cell) => cell.trim());
      if (bench === undefined || what === undefined || value === undefined) return [];
      return [
        {
          bench,
          what,
          value,
          ...(limit === undefined || limit === '' ? {} : { limit }),
          ...(verdict === undefined || verdict === '' ? {} : { within: verdict === 'ok' }),
        },
      ];
    });
}

/** The new figures in place of those of the same benches; what was measured before of the others stays. In the order of the benches. */
export function withFigures(
  before: readonly Figure[],
  measured: readonly Figure[],
  benches: readonly string[],
): readonly Figure[] {
  const anew = new Set(measured.map(({ bench }) => bench));
  return benches.flatMap((name) => (anew.has(name) ? measured : before).filter(({ bench }) => bench === name));
}
