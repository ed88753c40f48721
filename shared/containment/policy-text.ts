/**
 * Where the parts of a policy document lie in its text, so that one statement can be put in or taken out and every other
 * byte stays: IAM gives no guarantee that a document which was parsed and written anew is the one that people know.
 * The text must be JSON.
 */
export type Span = { readonly start: number; readonly end: number };

/** The value of `Statement`; `undefined` where the document has none, or more than one, so that it is not clear which counts. */
export function statementSpan(text: string): Span | undefined {
  const at = afterSpace(text, 0);
  if (text[at] !== '{') return undefined;
  const found = membersOf(text, at).filter(({ name }) => name.toLowerCase() === 'statement');
  return found.length === 1 ? found[0]?.value : undefined;
}

/** The elements of the list that begins at `start`. */
export function elementsOf(text: string, start: number): readonly Span[] {
  const all: Span[] = [];
  for (let at = afterSpace(text, start + 1); text[at] !== ']'; ) {
    const end = endOf(text, at);
    all.push({ start: at, end });
    at = afterSpace(text, end);
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return all;
}

function membersOf(text: string, start: number): readonly { readonly name: string; readonly value: Span }[] {
  const all: { readonly name: string; readonly value: Span }[] = [];
  for (let at = afterSpace(text, start + 1); text[at] !== '}'; ) {
    const nameEnd = endOf(text, at);
    const name: unknown = JSON.parse(text.slice(at, nameEnd));
    const value = afterSpace(text, afterSpace(text, nameEnd) + 1);
    const end = endOf(text, value);
    all.push({ name: String(name), value: { start: value, end } });
    at = afterSpace(text, end);
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return all;
}

/** Just after the value that begins at `at`. */
function endOf(text: string, at: number): number {
  if (text[at] !== '{' && text[at] !== '[') return at + lengthAt(text, at, /"(?:[^"\\]|\\.)*"|[^\s,\]}"]+/sy);
  let depth = 0;
  for (let here = at; here < text.length; ) {
    const letter = text[here];
    if (letter === '"') {
      here = endOf(text, here);
      continue;
    }
    if (letter === '{' || letter === '[') depth += 1;
    if (letter === '}' || letter === ']') depth -= 1;
    here += 1;
    if (depth === 0) return here;
  }
  throw new TypeError('The document ends inside of a value');
}

function afterSpace(text: string, at: number): number {
  return at + lengthAt(text, at, /[ \t\r\n]*/y);
}

function lengthAt(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null) throw new TypeError(`The document is not JSON at ${at}`);
  return found[0].length;
}
