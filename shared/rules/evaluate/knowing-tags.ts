import type { TaggedOnDemand } from '../../ports/tagged-resources.ts';
import type { Evaluator } from './create-evaluator.ts';

/** `unread`: why it is not known what bears a tag. What was found without that holds all the same. */
export type KnowingTags = ReturnType<Evaluator['evaluate']> & { readonly unread?: unknown };

/** Judges a record once more where a rule came down to a tag, and what bears it had not been read lately. */
export function knowingTags(
  evaluate: Evaluator['evaluate'],
  tagged: Pick<TaggedOnDemand, 'refreshIfAsked'>,
): (...asked: Parameters<Evaluator['evaluate']>) => Promise<KnowingTags> {
  return async (record) => {
    const found = evaluate(record);
    try {
      return (await tagged.refreshIfAsked()) ? evaluate(record) : found;
    } catch (unread) {
      return { ...found, unread };
    }
  };
}
