import type { TaggedOnDemand } from '../../ports/tagged-resources.ts';
import type { Evaluator } from './create-evaluator.ts';

/** Judges a record once more where a rule came down to a tag, and what bears it had not been read lately. */
export function knowingTags(
  evaluate: Evaluator['evaluate'],
  tagged: Pick<TaggedOnDemand, 'refreshIfAsked'>,
): (...asked: Parameters<Evaluator['evaluate']>) => Promise<ReturnType<Evaluator['evaluate']>> {
  return async (record) => {
    const found = evaluate(record);
    return (await tagged.refreshIfAsked()) ? evaluate(record) : found;
  };
}
