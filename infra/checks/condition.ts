import { matchesExactGlob } from '../../shared/containment/glob.ts';

/** Operator, then key, then values, as in a policy document. */
export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** What is known of a request besides its action and resource. */
export type Context = {
  /** Condition keys are known without regard to case. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Whether a key that is not among them is known to be absent. Otherwise nobody knows what it holds. */
  readonly isWhole: boolean;
};

/** `unknown`: AWS would know, and we do not. Who asks decides what that means for safety. */
export type Truth = 'true' | 'false' | 'unknown';

/**
 * Whether a condition holds for a request: all operators, all keys. What is not understood here is unknown, never guessed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function judgeCondition(condition: Condition, context: Context): Truth {
  const truths = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => judgeKey(operator, key, values, context)),
  );
  if (truths.includes('false')) return 'false';
  return truths.includes('unknown') ? 'unknown' : 'true';
}

function judgeKey(operator: string, key: string, wanted: readonly string[], context: Context): Truth {
  const [, set, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const known = Object.entries(context.values).find(([candidate]) => candidate.toLowerCase() === key.toLowerCase());
  const given = known?.[1];
  if (given === undefined && !context.isWhole) return 'unknown';
  if (name === 'Null') return truthOf((given === undefined) === (wanted[0] === 'true'));
  if (wanted.some((value) => value.includes('${'))) return 'unknown';

  const comparison = COMPARISONS[name];
  if (comparison === undefined) return 'unknown';
  const { matches, negated } = comparison;
  if (given === undefined) {
    // An absent key meets no positive operator and every negated one; ForAllValues asks nothing of an empty set.
    return truthOf(ifExists !== undefined || set === 'ForAllValues' || (negated && set === undefined));
  }
  const holds = (value: string) => wanted.some((pattern) => matches(pattern, value)) !== negated;
  if (set === 'ForAnyValue') return truthOf(given.some(holds));
  if (set === 'ForAllValues') return truthOf(given.every(holds));
  return given.length === 1 ? truthOf(given.every(holds)) : 'unknown';
}

type Comparison = { readonly matches: (pattern: string, value: string) => boolean; readonly negated: boolean };

const same = (pattern: string, value: string) => pattern === value;
const sameIgnoringCase = (pattern: string, value: string) => pattern.toLowerCase() === value.toLowerCase();

/** Each of the six parts by itself: a star does not reach over a colon. ArnEquals and ArnLike are the same. */
function matchesArn(pattern: string, value: string): boolean {
  const [patterns, parts] = [arnParts(pattern), arnParts(value)];
  return (
    patterns.length === parts.length && patterns.every((part, index) => matchesExactGlob(part, parts[index] ?? ''))
  );
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: { matches: same, negated: false },
  StringNotEquals: { matches: same, negated: true },
  StringEqualsIgnoreCase: { matches: sameIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { matches: sameIgnoringCase, negated: true },
  StringLike: { matches: matchesExactGlob, negated: false },
  StringNotLike: { matches: matchesExactGlob, negated: true },
  ArnEquals: { matches: matchesArn, negated: false },
  ArnLike: { matches: matchesArn, negated: false },
  ArnNotEquals: { matches: matchesArn, negated: true },
  ArnNotLike: { matches: matchesArn, negated: true },
  Bool: { matches: sameIgnoringCase, negated: false },
};

function truthOf(value: boolean): Truth {
  return value ? 'true' : 'false';
}
