/** How much of an alert is shown: its first lines, or so many entries of each of its sections. */
export type Shortening = { readonly head: number } | { readonly ofEachSection: number };

/** The lines of an alert's text, with a line that says so where some are left out. An entry begins with a dash. */
export function shortened(text: string, shortening: Shortening): readonly string[] {
  const lines = text.split('\n');
  if ('head' in shortening) {
    const left = lines.length - shortening.head;
    return left > 0 ? [...lines.slice(0, shortening.head), `(${left} more lines)`] : lines;
  }
  const sections = text.split('\n\n').map((section) => section.split('\n'));
  return sections.flatMap((section, index) => [
    ...(index === 0 ? [] : ['']),
    ...shortSection(section, shortening.ofEachSection),
  ]);
}

function shortSection(lines: readonly string[], most: number): readonly string[] {
  const entries = lines.flatMap((line, index) => (line.startsWith('- ') ? [index] : []));
  const cut = entries[most];
  return cut === undefined ? lines : [...lines.slice(0, cut), `(${entries.length - most} more)`];
}
