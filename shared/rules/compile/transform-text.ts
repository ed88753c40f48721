import type { Transform } from './modifiers.ts';
import { readPattern } from './read-pattern.ts';

export type Transformed =
  | { readonly kind: 'transformed'; readonly texts: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

type Lists = { readonly [name: string]: readonly string[] };

/** A value never stands for more than this many texts; a rule that asks for more would cost every record. */
const MAX_TEXTS = 1_000;

/** Applies Sigma's transformations to a value as written (wildcards and escapes included); may give several texts. */
export function transformText(text: string, transforms: readonly Transform[], lists: Lists): Transformed {
  let values: readonly Value[] = [{ kind: 'text', text }];
  for (const transform of transforms) {
    const next: Value[] = [];
    for (const value of values) {
      const result = step(value, transform, lists);
      if (!Array.isArray(result)) return { kind: 'refused', reason: result };
      next.push(...result);
      if (next.length > MAX_TEXTS) {
        return {
          kind: 'refused',
          reason: `\`${transform}\` makes more than ${MAX_TEXTS} texts of this value: write fewer dashes or shorter lists`,
        };
      }
    }
    values = next;
  }
  return { kind: 'transformed', texts: values.flatMap((value) => (value.kind === 'text' ? [value.text] : [])) };
}

type Value = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** The values that one becomes, or why it becomes none. */
function step(value: Value, transform: Transform, lists: Lists): Value[] | string {
  switch (transform) {
    case 'expand':
      return value.kind === 'text' ? expanded(value.text, lists) : [];
    case 'windash':
      return value.kind === 'text' ? dashed(value.text) : [];
    case 'wide':
    case 'utf16le':
    case 'utf16be':
    case 'utf16': {
      const plain = value.kind === 'text' ? literal(value.text, transform) : '';
      return typeof plain === 'string' ? plain : [{ kind: 'bytes', bytes: utf16(plain.text, transform) }];
    }
    case 'base64':
    case 'base64offset': {
      const bytes = value.kind === 'bytes' ? value.bytes : literalBytes(value.text, transform);
      if (typeof bytes === 'string') return bytes;
      const texts = transform === 'base64' ? [base64(bytes)] : offsets(bytes);
      return texts.map((text) => ({ kind: 'text', text }));
    }
  }
}

/** `%name%` is each value of that list; a percent sign after a backslash is itself. */
function expanded(text: string, lists: Lists): Value[] | string {
  const parts = text.split(/((?<!\\)%[\w.-]+%)/);
  let texts = [''];
  for (const part of parts) {
    const name = /^%([\w.-]+)%$/.exec(part)?.[1];
    if (name === undefined) {
      texts = texts.map((each) => each + part.replaceAll('\\%', '%'));
      continue;
    }
    const values = Object.hasOwn(lists, name) ? lists[name] : undefined;
    if (values === undefined || values.length === 0)
      return `the placeholder \`%${name}%\` has no values: add the list \`${name}\` under \`lists\` in rescind.yaml`;
    texts = texts.flatMap((each) => values.map((value) => each + value));
    if (texts.length > MAX_TEXTS) break;
  }
  return texts.map((each) => ({ kind: 'text', text: each }));
}

const DASHES = ['-', '/', '–', '—', '―'];

/** Each dash that begins a word is written in all five ways. */
function dashed(text: string): Value[] {
  const parts = text.split(/(?<![\p{L}\p{N}_])([-/–—―])(?=[\p{L}\p{N}_])/u);
  let texts = [''];
  for (const [index, part] of parts.entries()) {
    texts =
      index % 2 === 0 ? texts.map((each) => each + part) : texts.flatMap((each) => DASHES.map((dash) => each + dash));
    if (texts.length > MAX_TEXTS) break;
  }
  return texts.map((each) => ({ kind: 'text', text: each }));
}

function literal(text: string, transform: Transform): { readonly text: string } | string {
  const pattern = readPattern(text);
  if (pattern.some((piece) => piece.kind !== 'text'))
    return `\`${transform}\` cannot encode a wildcard: escape it with a backslash`;
  return { text: pattern.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('') };
}

function literalBytes(text: string, transform: Transform): Uint8Array | string {
  const plain = literal(text, transform);
  return typeof plain === 'string' ? plain : new TextEncoder().encode(plain.text);
}

function utf16(text: string, transform: 'wide' | 'utf16le' | 'utf16be' | 'utf16'): Uint8Array {
  const mark = transform === 'utf16' ? [0xff, 0xfe] : [];
  const bytes = [...mark];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (transform === 'utf16be') bytes.push(code >> 8, code & 0xff);
    else bytes.push(code & 0xff, code >> 8);
  }
  return Uint8Array.from(bytes);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** How many first characters, and last ones by remainder, also depend on the bytes around: they are cut off. */
const HEAD = [0, 2, 3] as const;
const TAIL = [0, 3, 2] as const;

/** The three texts as which the bytes can appear inside something longer that was encoded as a whole. */
function offsets(bytes: Uint8Array): string[] {
  return HEAD.map((head, shift) => {
    const text = base64(Uint8Array.from([...new Array<number>(shift).fill(0), ...bytes]));
    const tail = TAIL[(bytes.length + shift) % 3] ?? 0;
    return text.slice(head, text.length - tail);
  });
}
