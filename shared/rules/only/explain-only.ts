import type { JsonObject } from '../../json.ts';
import type { Engines } from '../engines/engine.ts';
import type { Explanation } from '../evaluate/explain.ts';
import { loadOnly } from './load-only.ts';
import type { Only, OnlyPolicy } from './only.ts';
import { createOnlyFacts } from './only-facts.ts';

/**
 * Why a rule's `only` holds for a record or does not, a condition each. What was seen before stands in a table that is not
 * read here: that condition is taken to hold, and says so. Throws where a rule could not be loaded, or a record not judged.
 */
export function explainOnly(only: Only, record: JsonObject, policy: OnlyPolicy, engines: Engines): Explanation[] {
  const { conditions, windows, keys } = loadOnly(only, policy, engines);
  const facts = createOnlyFacts(record, engines.resources);
  const explanations: Explanation[] = conditions.map(({ text, holds, found }) => ({
    holds: holds(facts),
    text,
    found: found(facts),
    parts: [],
  }));
  if (windows !== undefined) {
    const found = windows(facts);
    explanations.push({ holds: found.length === 0, text: 'is in no change window', found, parts: [] });
  }
  if (keys !== undefined) {
    const found = keys(facts);
    const text = `is the first to bring together ${(only.firstSeen ?? []).join(' and ')} (not looked up here: taken as new)`;
    explanations.push({ holds: found.length > 0, text, found, parts: [] });
  }
  return explanations;
}
