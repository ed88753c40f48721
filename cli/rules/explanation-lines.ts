import { printable } from '../../shared/page/printable.ts';
import type { Explanation } from '../../shared/rules/evaluate/explain.ts';
import { colour } from '../terminal/colour.ts';

/** An explanation as an indented list: what held, what did not, and what the record has there. */
export function explanationLines(explanation: Explanation, depth = 0): string[] {
  const mark = explanation.holds ? colour.green('yes') : colour.red('no ');
  const found = explanation.found === undefined ? '' : `  [record: ${shown(explanation)}]`;
  return [
    `${'  '.repeat(depth)}${mark} ${explanation.text}${colour.dim(found)}`,
    ...explanation.parts.flatMap((part) => explanationLines(part, depth + 1)),
  ];
}

function shown({ found = [] }: Explanation): string {
  return found.length === 0 ? 'nothing' : found.map((value) => printable(JSON.stringify(value), 80)).join(', ');
}
