/** Steps (insert, delete, replace, swap of neighbours) from one word to another. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      const replaced = (last[j - 1] ?? 0) + (same ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
          ? (beforeLast[j - 2] ?? 0) + 1
          : replaced;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? to.length;
}

/** `homeRegion`, `home_region` and `Home-Region` all mean `home-region`. */
function folded(word: string): string {
  return word
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/[_ ]/g, '-')
    .toLowerCase();
}

/** The known word that was most likely meant, or none when all are far off (more than a third of the letters differ). */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const meant = folded(word.slice(0, 64));
  const ranked = known
    .map((candidate) => ({ candidate, steps: distance(meant, candidate.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  const best = ranked[0];
  return best && best.steps <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/** That there is no such thing of the operator's, and which one was probably meant. */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const choice = known.length === 0 ? `add it to rescind.yaml` : `there are ${known.slice(0, 10).join(', ')}`;
  return `there is no ${what} ${JSON.stringify(name.slice(0, 60))}: ${meant === undefined ? choice : `did you mean ${meant}?`}`;
}
