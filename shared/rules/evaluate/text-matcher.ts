import type { Pattern, TextRelation } from '../detection.ts';
import type { TextMatcher } from '../engines/engine.ts';

/** Compiles a Sigma string. Case is ignored by comparing lower case with lower case, unless `cased`. */
export function textMatcher(pattern: Pattern, cased: boolean): TextMatcher {
  const folded = cased
    ? pattern
    : pattern.map((piece) => (piece.kind === 'text' ? { ...piece, text: piece.text.toLowerCase() } : piece));
  const match = foldedMatcher(folded);
  if (cased) return match;
  const literal = literalOf(pattern);
  if (literal !== undefined) return equalsIgnoringCase(literal);
  return (text) => match(text.toLowerCase());
}

/** The one text a pattern without wildcards stands for. */
export function literalOf(pattern: Pattern): string | undefined {
  const [first] = pattern;
  if (first === undefined) return '';
  return pattern.length === 1 && first.kind === 'text' ? first.text : undefined;
}

export function relationMatcher(how: TextRelation): (text: string, part: string) => boolean {
  switch (how) {
    case 'equals':
      return (text, part) => text === part;
    case 'contains':
      return (text, part) => text.includes(part);
    case 'startswith':
      return (text, part) => text.startsWith(part);
    case 'endswith':
      return (text, part) => text.endsWith(part);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what ASCII means
const ASCII = /^[\x00-\x7f]*$/;

function equalsIgnoringCase(literal: string): TextMatcher {
  const lower = literal.toLowerCase();
  // Whatever has an ASCII lower case has it in the same length, so most texts are refused without folding them.
  if (ASCII.test(lower))
    return (text) => text.length === lower.length && (text === literal || text.toLowerCase() === lower);
  return (text) => text === literal || text.toLowerCase() === lower;
}

function foldedMatcher(pattern: Pattern): TextMatcher {
  const literal = literalOf(pattern);
  if (literal !== undefined) return (text) => text === literal;
  if (pattern.some((piece) => piece.kind === 'one')) return globMatcher(pattern);
  return segmentsMatcher(pattern);
}

/** Texts between `*`: each is looked for after the one before, which is right because `*` takes anything between. */
function segmentsMatcher(pattern: Pattern): TextMatcher {
  const texts = pattern.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : []));
  const head = pattern[0]?.kind === 'text' ? (texts[0] ?? '') : '';
  const tail = pattern.at(-1)?.kind === 'text' ? (texts.at(-1) ?? '') : '';
  const middle = texts.slice(head === '' ? 0 : 1, tail === '' ? texts.length : -1);
  const [only] = middle;
  if (head === '' && tail === '' && middle.length === 1 && only !== undefined) return (text) => text.includes(only);
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let from = head.length;
    const end = text.length - tail.length;
    for (const segment of middle) {
      const at = text.indexOf(segment, from);
      if (at < 0 || at + segment.length > end) return false;
      from = at + segment.length;
    }
    return true;
  };
}

/** The general form with `?`, by characters and not code units. Going back is only ever to the last `*`. */
function globMatcher(pattern: Pattern): TextMatcher {
  const tokens = pattern.flatMap((piece): (string | undefined | null)[] => {
    if (piece.kind === 'any') return [ANY];
    return piece.kind === 'one' ? [ONE] : [...piece.text];
  });
  return (text) => {
    const chars = [...text];
    let char = 0;
    let token = 0;
    let star = -1;
    let mark = 0;
    while (char < chars.length) {
      const wanted = tokens[token];
      if (token < tokens.length && wanted === ANY) {
        star = token;
        mark = char;
        token += 1;
      } else if (token < tokens.length && (wanted === ONE || wanted === chars[char])) {
        char += 1;
        token += 1;
      } else if (star >= 0) {
        token = star + 1;
        mark += 1;
        char = mark;
      } else {
        return false;
      }
    }
    while (token < tokens.length && tokens[token] === ANY) token += 1;
    return token === tokens.length;
  };
}

const ANY = null;
const ONE = undefined;
