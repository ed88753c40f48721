import type { Expression } from './detection.ts';

/** Sigma's correlation after compiling, as plain JSON: rules that must meet in one group within one time span. */
export type Correlation = {
  readonly type: CorrelationType;
  /** Ids of rules or of other correlations, in the order in which `temporal_ordered` wants them. */
  readonly rules: readonly string[];
  /** One entry a group field: its path in the record, or for an alias one path for each rule. */
  readonly groupBy: readonly GroupField[];
  readonly seconds: number;
  readonly condition: CorrelationCondition;
};

export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export type GroupField = {
  readonly name: string;
  /** Paths by rule id where the field is an alias. */
  readonly paths?: { readonly [ruleId: string]: string };
};

export const BOUND_OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;
export type BoundOperator = (typeof BOUND_OPERATORS)[number];
export type Bound = { readonly operator: BoundOperator; readonly value: number };

export type CorrelationCondition =
  | { readonly kind: 'every-rule' }
  /** Over the rules met, by id. */
  | { readonly kind: 'rules'; readonly expression: Expression }
  | {
      readonly kind: 'bounds';
      readonly bounds: readonly Bound[];
      readonly field?: string;
      /** For `value_percentile`, from 0 to 100. */
      readonly percentile?: number;
    };
