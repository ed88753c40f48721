/**
 * Text of an event is written by whoever made the event. These functions are the only way by which it gets into an
 * alert: without control, direction and invisible characters, on one line, cut in length.
 */

/** Controls and line breaks part words; the second group is not seen but changes what is seen, or hides in it. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Co}\p{Noncharacter_Code_Point}\u2800\ufffc]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;
/** More than two marks on a letter climb over the lines above. */
const PILED_MARKS = /(\p{M}{2})\p{M}+/gu;

/** Longest text that is looked at all: a longer one is cut anyway. */
const READ_AT_MOST = 4096;

function cut(text: string, limit: number): string {
  const letters = Array.from(text);
  return letters.length <= limit ? text : `${letters.slice(0, limit - 1).join('')}…`;
}

function oneLine(value: string): string {
  return value
    .slice(0, READ_AT_MOST)
    .replace(CONTROLS, ' ')
    .replace(UNSEEN, '')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(PILED_MARKS, '$1')
    .replace(/ +/g, ' ')
    .trim();
}

/** For programs: the value itself, so that an ARN still compares equal, but on one line and at most `limit` letters. */
export function clean(value: string, limit: number): string {
  return cut(oneLine(value), limit);
}

/**
 * For people: besides, nothing that a mail program or a phone turns into a link, a mention or markup. `evil.example`
 * becomes `evil[.]example`, `@here` becomes `[at]here`. Nothing to show is `unknown`, so that no line ends in the air.
 */
export function plain(value: string, limit: number): string {
  // Compatibility forms first, or a full-width dot or a circled letter would pass and still be a link.
  const text = oneLine(oneLine(value).normalize('NFKC'))
    .replace(/[<‹⟨]/gu, '(')
    .replace(/[>›⟩]/gu, ')')
    .replace(/`/g, "'")
    .replace(/\\{2,}/g, '\\')
    .replace(/\]\(/g, '] (')
    .replace(/http(?=s?:)/gi, 'hxxp')
    .replace(/\b(mailto|tel|sms|javascript|vbscript|data|file|callto):/gi, '$1[:]')
    .replace(/:\/\//g, '[:]//')
    .replace(/@/g, '[at]')
    .replace(/[.\u3002](?=[\p{L}\p{M}]{2})/gu, '[.]');
  return cut(text, limit) || 'unknown';
}

/** For SMS and mail headers: every letter outside printable ASCII becomes a question mark. */
export function ascii(text: string): string {
  return text.replaceAll('…', '...').replace(/[^\x20-\x7e]/gu, '?');
}

/** An id as it may stand in a command to copy: nothing that a shell would read. */
export function identifier(value: string, limit: number): string {
  return value.replace(/[^\w-]/g, '').slice(0, limit) || 'unknown';
}
