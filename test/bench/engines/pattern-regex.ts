import type { Pattern } from '../../../shared/rules/detection.ts';

/** A Sigma string as a regular expression, for engines that know no other way to ignore case or to match a part. */
export function patternRegex(pattern: Pattern, cased: boolean): RegExp {
  const source = pattern.map((piece) => {
    if (piece.kind === 'any') return '[^]*';
    return piece.kind === 'one' ? '[^]' : piece.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, cased ? 'u' : 'iu');
}
