import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml';

export type Place = { readonly line: number; readonly column: number };

/** Offset of what a path leads to: the value, the key when the value is empty, else the nearest thing above that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[], at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [depth, step] of path.entries()) {
    let key: unknown;
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      key = pair?.key;
      next = pair?.value;
    } else if (isSeq(node)) next = node.items[Number(step)];
    const last = depth === path.length - 1;
    const empty = isScalar(next) && next.value === null;
    const shown = isNode(key) && (empty || !isNode(next) || (last && at === 'key')) ? key : next;
    if (!isNode(shown)) return offset;
    offset = shown.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}

/** Line and column, from 1, of a key or a value of a YAML document. */
export function placeOf(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
  at: 'key' | 'value' = 'value',
): Place {
  return placeAt(lines, offsetOf(document, path, at));
}

export function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
