/**
 * Text from a record, safe to print: whoever made the call chose it, so control characters (which could move the cursor or
 * forge a line) and marks that turn the direction of writing are shown as escapes, and it is cut in length.
 */
export function printable(text: string, maxLength = 200): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return cut.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
