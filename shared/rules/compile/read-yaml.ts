import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type YAMLParseError } from 'yaml';
import type { Located, LocatedEntry, LocatedScalar, Position } from './located.ts';
import type { Report } from './problems.ts';

/** Aliases can make a small file expand without end; no honest rule file comes near this. */
const MAX_NODES = 100_000;
const MAX_DEPTH = 200;

/** The documents of a YAML file as located values. Broken documents are reported and left out. */
export function readYaml(text: string, report: Report): Located[] {
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  if (!Array.isArray(parsed)) return [];
  const documents: Located[] = [];
  for (const document of parsed) {
    // The first one only: the others come of reading on after it.
    const [broken] = document.errors;
    if (broken !== undefined) report(position(broken.pos[0]), `not valid YAML: ${sayYamlError(broken)}`);
    if (broken !== undefined || document.contents === null) continue;
    let strange = false;
    let budget = MAX_NODES;

    const locate = (node: unknown, depth: number): Located | undefined => {
      budget -= 1;
      if (budget < 0 || depth > MAX_DEPTH) return undefined;
      if (isAlias(node)) {
        const target = node.resolve(document);
        if (target !== undefined) return locate(target, depth + 1);
        report(at(node), `nothing before this bears the anchor \`&${node.source}\`: write the value itself`);
        strange = true;
        return undefined;
      }
      if (isMap(node)) {
        const entries: LocatedEntry[] = [];
        for (const pair of node.items) {
          const key = locate(pair.key, depth + 1);
          const value = pair.value === null ? nothing(key?.at ?? at(node)) : locate(pair.value, depth + 1);
          if (key === undefined || value === undefined) return undefined;
          if (key.kind !== 'scalar') {
            report(key.at, 'a key must be a plain name');
            continue;
          }
          // `key.source` keeps `1` and `null` as they were written; a quoted key has its text in `value`.
          entries.push({ key: typeof key.value === 'string' ? key.value : key.source, at: key.at, value });
        }
        return { kind: 'map', at: at(node), entries };
      }
      if (isSeq(node)) {
        const items: Located[] = [];
        for (const item of node.items) {
          const located = locate(item, depth + 1);
          if (located === undefined) return undefined;
          items.push(located);
        }
        return { kind: 'list', at: at(node), items };
      }
      if (isScalar(node)) return scalar(node.value, node.source ?? '', at(node), node.type ?? 'PLAIN');
      return undefined;
    };
    const at = (node: { range?: readonly number[] | null | undefined }): Position => position(node.range?.[0] ?? 0);

    const located = locate(document.contents, 0);
    if (located === undefined && strange) continue;
    if (located === undefined) {
      report(position(document.range[0]), 'the document is nested too deep or grows too large through its aliases');
    } else {
      documents.push(located);
    }
  }
  return documents;
}

/** The library's words, save where they leave out what to do. */
function sayYamlError({ code, message }: YAMLParseError): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'this key stands twice in one map: leave one out, or join their values';
    case 'TAB_AS_INDENT':
      return 'a tab as indentation: write spaces';
    default:
      return message;
  }
}

function scalar(value: unknown, source: string, at: Position, style: string): LocatedScalar {
  const quoted = style === 'QUOTE_SINGLE' || style === 'QUOTE_DOUBLE';
  const oneLine = (quoted || style === 'PLAIN') && !source.includes('\n');
  const textAt = oneLine ? { textAt: { line: at.line, column: at.column + (quoted ? 1 : 0) } } : {};
  // `.inf` and `.nan` are numbers to YAML, but no CloudTrail value: they stay the text they are.
  const usable = typeof value === 'number' ? Number.isFinite(value) : true;
  if (usable && (value === null || typeof value === 'number' || typeof value === 'boolean')) {
    return { kind: 'scalar', at, value, source, ...textAt };
  }
  return { kind: 'scalar', at, value: typeof value === 'string' ? value : source, source, ...textAt };
}

function nothing(at: Position): LocatedScalar {
  return { kind: 'scalar', at, value: null, source: '' };
}
