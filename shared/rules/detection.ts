/**
 * A rule's detection after compiling: plain JSON, so that it travels in an asset and is loaded without a YAML library.
 * Names of selections are kept for explaining a verdict.
 */
export type Detection = {
  readonly condition: Expression;
  readonly searches: { readonly [name: string]: Search };
};

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'search'; readonly name: string };

export type Search =
  | { readonly kind: 'all-of' | 'any-of'; readonly of: readonly Search[] }
  /** Tests of one field; `quantifier` says whether one value of a list must hold or all of them. */
  | {
      readonly kind: 'item';
      readonly field: string;
      readonly quantifier: Quantifier;
      readonly tests: readonly ValueTest[];
    }
  /** Tests of any value in the record, whatever its field. */
  | { readonly kind: 'keywords'; readonly quantifier: Quantifier; readonly tests: readonly ValueTest[] };

export type Quantifier = 'any' | 'all';

export type ValueTest =
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly cased: boolean }
  /** `text` is the number as the rule wrote it, which keeps the leading zeros of an account id. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Absent, null, or the empty list. */
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly want: boolean }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'cidr'; readonly range: string }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: number }
  | {
      readonly kind: 'time-part';
      readonly part: TimePart;
      readonly operator: Comparison | 'eq';
      readonly value: number;
    }
  | { readonly kind: 'field'; readonly field: string; readonly how: TextRelation; readonly cased: boolean }
  /** Present, and no element passes the test. */
  | { readonly kind: 'none'; readonly test: ValueTest };

export type Pattern = readonly PatternPiece[];
export type PatternPiece =
  | { readonly kind: 'text'; readonly text: string }
  /** `*`: any run of characters, also none. */
  | { readonly kind: 'any' }
  /** `?`: exactly one character. */
  | { readonly kind: 'one' };

export const COMPARISONS = ['lt', 'lte', 'gt', 'gte'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

export const TEXT_RELATIONS = ['equals', 'contains', 'startswith', 'endswith'] as const;
export type TextRelation = (typeof TEXT_RELATIONS)[number];
