import type { Detection } from '../detection.ts';
import type { Only } from '../only/only.ts';
import type { RuleHeader } from '../rule.ts';
import type { CorrelationDraft, Reference } from './compile-correlation.ts';
import type { RuleTestCase } from './compile-rescind-key.ts';
import type { Position } from './located.ts';
import type { Report } from './problems.ts';

/** A document that is sound in itself, before the documents of the collection are joined. */
export type Draft =
  | (DraftBase & { readonly kind: 'rule'; readonly detection: Detection; readonly only?: Only })
  | (DraftBase & {
      readonly kind: 'correlation';
      readonly correlation: CorrelationDraft;
      /** The rule that an old `| count()` counts, which in the file is one with it. */
      readonly counted?: Extract<Draft, { readonly kind: 'rule' }>;
    })
  | {
      readonly kind: 'filter';
      readonly id: string;
      readonly rules: readonly Reference[];
      readonly detection: Detection;
      readonly report: Report;
    };

type DraftBase = {
  readonly header: RuleHeader;
  /** A short name by which correlations may refer to it. */
  readonly name?: string;
  readonly at: Position;
  readonly tests: readonly RuleTestCase[];
  readonly report: Report;
  readonly warn: Report;
};
