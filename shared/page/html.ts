import { printable } from './printable.ts';

/** Markup that is safe to put into the page. Only `html` and `trusted` make it. */
export type Html = { readonly kind: 'html'; readonly text: string };

type Part = Html | string | number | undefined | readonly Html[];

/** The longest text that a cell shows of a record. */
const LONGEST = 2_000;

/**
 * Markup with everything put into it escaped: it may come from a record, whose maker chose it. Controls and marks that turn
 * the direction of writing are shown as what they are. Right between tags and in quoted attributes, and nowhere else.
 */
export function html(markup: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = markup.reduce((before, piece, index) => `${before}${partText(parts[index - 1])}${piece}`);
  return { kind: 'html', text };
}

/** Markup of our own making: the style sheet, the script, a chart drawn by the library. */
export function trusted(text: string): Html {
  return { kind: 'html', text };
}

function partText(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escaped(part);
  return 'text' in part ? part.text : part.map(({ text }) => text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return printable(text, LONGEST).replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}
