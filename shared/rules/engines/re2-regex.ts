import { RE2JS } from 're2js';
import type { RegexEngine } from './engine.ts';

/** RE2: linear in the length of the text, so that no rule can be made to hang by what an attacker writes in a record. */
export const re2Regex: RegexEngine = (source, flags) => {
  const pattern = RE2JS.compile(source, flagBits(flags));
  return (text) => pattern.test(text);
};

/** Why RE2 refuses an expression, or undefined if it takes it. */
export function checkRegex(source: string, flags: string): string | undefined {
  try {
    RE2JS.compile(source, flagBits(flags));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function flagBits(flags: string): number {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  return bits;
}
