import type { Pattern, PatternPiece } from '../detection.ts';

/**
 * Sigma's string: `*` and `?` are wildcards, a backslash before either or before another backslash takes its meaning
 * away, any other backslash is itself. Source: Sigma specification 2.1, "Escaping".
 */
export function readPattern(text: string): Pattern {
  const pieces: PatternPiece[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') pieces.push({ kind: 'text', text: literal });
    literal = '';
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    const next = text.charAt(index + 1);
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      index += 1;
    } else if (char === '*') {
      flush();
      if (pieces.at(-1)?.kind !== 'any') pieces.push({ kind: 'any' });
    } else if (char === '?') {
      flush();
      pieces.push({ kind: 'one' });
    } else {
      literal += char;
    }
  }
  flush();
  return pieces;
}

export function startingWith(pattern: Pattern): Pattern {
  return pattern.at(-1)?.kind === 'any' ? pattern : [...pattern, { kind: 'any' }];
}

export function endingWith(pattern: Pattern): Pattern {
  return pattern[0]?.kind === 'any' ? pattern : [{ kind: 'any' }, ...pattern];
}

export function containing(pattern: Pattern): Pattern {
  return startingWith(endingWith(pattern));
}
