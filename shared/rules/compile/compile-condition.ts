import type { Expression } from '../detection.ts';
import type { Located, LocatedScalar, Position } from './located.ts';
import type { Report } from './problems.ts';

/**
 * The condition of a rule as an expression over the names of its selections; a list of conditions means any of them.
 * Grammar: or < and < not < (x of pattern) < parentheses.
 */
export function compileCondition(condition: Located, names: readonly string[], report: Report): Expression | undefined {
  const scalars = condition.kind === 'list' ? condition.items : [condition];
  const parts: Expression[] = [];
  for (const scalar of scalars) {
    if (scalar.kind !== 'scalar' || typeof scalar.value !== 'string') {
      report(scalar.at, 'a condition is a text such as `selection and not filter`');
      return undefined;
    }
    const part = parseText(scalar, scalar.value, names, report);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const [only] = parts;
  if (only === undefined) {
    report(condition.at, 'the list of conditions is empty: write at least one');
    return undefined;
  }
  return parts.length === 1 ? only : { kind: 'or', of: parts };
}

type Token = { readonly text: string; readonly offset: number };

/** Conditions come from files that anybody may have written; parentheses past this depth are refused, not recursed into. */
const MAX_DEPTH = 100;

class ConditionProblem extends Error {
  override readonly name = 'ConditionProblem';
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

function parseText(
  scalar: LocatedScalar,
  text: string,
  names: readonly string[],
  report: Report,
): Expression | undefined {
  try {
    return parse(text, names);
  } catch (error) {
    if (!(error instanceof ConditionProblem)) throw error;
    report(positionIn(scalar, error.offset), error.message);
    return undefined;
  }
}

function positionIn(scalar: LocatedScalar, offset: number): Position {
  if (scalar.textAt === undefined) return scalar.at;
  return { line: scalar.textAt.line, column: scalar.textAt.column + offset };
}

function parse(text: string, names: readonly string[]): Expression {
  const tokens = tokenize(text);
  let index = 0;
  let depth = 0;
  const end = text.length;
  const peek = (): Token | undefined => tokens[index];
  const isWord = (word: string): boolean => peek()?.text.toLowerCase() === word;
  const take = (): Token => {
    const token = tokens[index];
    if (token === undefined) throw new ConditionProblem(end, 'the condition ends where a selection is expected');
    index += 1;
    return token;
  };

  const chain = (kind: 'and' | 'or', operand: () => Expression): Expression => {
    const first = operand();
    if (!isWord(kind)) return first;
    const of = [first];
    while (isWord(kind)) {
      take();
      of.push(operand());
    }
    return { kind, of };
  };
  const or = (): Expression => chain('or', and);
  const and = (): Expression => chain('and', not);
  const not = (): Expression => {
    let negated = false;
    while (isWord('not')) {
      take();
      negated = !negated;
    }
    const of = primary();
    return negated ? { kind: 'not', of } : of;
  };
  const primary = (): Expression => {
    const token = take();
    if (token.text === '(') {
      depth += 1;
      if (depth > MAX_DEPTH) throw new ConditionProblem(token.offset, `more than ${MAX_DEPTH} nested parentheses`);
      const inner = or();
      depth -= 1;
      const closing = peek();
      if (closing?.text !== ')') throw new ConditionProblem(closing?.offset ?? end, 'expected `)`');
      take();
      return inner;
    }
    if (isWord('of')) return selector(token);
    const word = token.text.toLowerCase();
    if (token.text === ')' || word === 'and' || word === 'or') {
      throw new ConditionProblem(token.offset, `expected a selection, found \`${token.text}\``);
    }
    if (!names.includes(token.text)) throw unknownName(token, names);
    return { kind: 'search', name: token.text };
  };
  const selector = (count: Token): Expression => {
    const quantifier = count.text.toLowerCase();
    if (quantifier !== '1' && quantifier !== 'any' && quantifier !== 'all') {
      throw new ConditionProblem(count.offset, `\`${count.text} of\` is not Sigma: write \`1 of\` or \`all of\``);
    }
    take();
    const pattern = take();
    const matching = names.filter((name) => matches(name, pattern.text));
    if (matching.length === 0) {
      throw new ConditionProblem(
        pattern.offset,
        `no selection matches \`${pattern.text}\`: there are ${names.join(', ') || 'none'}`,
      );
    }
    const of = matching.map((name): Expression => ({ kind: 'search', name }));
    const [only] = of;
    if (of.length === 1 && only !== undefined) return only;
    return { kind: quantifier === 'all' ? 'and' : 'or', of };
  };

  const expression = or();
  const rest = peek();
  if (rest !== undefined) {
    throw new ConditionProblem(rest.offset, `expected \`and\` or \`or\`, found \`${rest.text}\``);
  }
  return expression;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const token = /\s+|([()])|([\w.*?-]+)|(.)/gsu;
  for (const match of text.matchAll(token)) {
    const [whole, bracket, word, other] = match;
    if (other === '|') {
      throw new ConditionProblem(
        match.index,
        'an aggregation after `|` can only follow the one condition of a rule: write a `correlation` document',
      );
    }
    if (other !== undefined) throw new ConditionProblem(match.index, `\`${other}\` has no meaning in a condition`);
    if (bracket !== undefined || word !== undefined) tokens.push({ text: whole, offset: match.index });
  }
  if (tokens.length === 0) throw new ConditionProblem(0, 'the condition is empty: name a selection');
  return tokens;
}

/** `them` leaves out names with a leading underscore, which by Sigma's convention are only for naming explicitly. */
function matches(name: string, pattern: string): boolean {
  if (pattern.toLowerCase() === 'them') return !name.startsWith('_');
  const parts = pattern.split('*').map((part) => part.replace(/[.?-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

function unknownName(token: Token, names: readonly string[]): ConditionProblem {
  if (token.text.includes('*')) {
    return new ConditionProblem(token.offset, `write \`1 of ${token.text}\` or \`all of ${token.text}\``);
  }
  return new ConditionProblem(
    token.offset,
    `there is no selection \`${token.text}\`: there are ${names.join(', ') || 'none'}`,
  );
}
