import type { LoadedOnly } from './load-only.ts';
import type { OnlyFacts } from './only-facts.ts';

/** What a rule's `only` makes of an event that met its detection. */
export type OnlyVerdict =
  | { readonly kind: 'holds' }
  | { readonly kind: 'fails' }
  /** Everything else holds, and a change was announced. */
  | { readonly kind: 'suppressed'; readonly by: string }
  /** Everything else holds: it comes down to whether one of these was not seen before. */
  | { readonly kind: 'if-first-seen'; readonly keys: readonly string[] };

const HOLDS: OnlyVerdict = { kind: 'holds' };
const FAILS: OnlyVerdict = { kind: 'fails' };

export function judgeOnly({ conditions, windows, keys }: LoadedOnly, facts: OnlyFacts): OnlyVerdict {
  for (const { holds } of conditions) if (!holds(facts)) return FAILS;
  const [window] = windows?.(facts) ?? [];
  if (window !== undefined) return { kind: 'suppressed', by: `change window ${window}` };
  if (keys === undefined) return HOLDS;
  const asked = keys(facts);
  return asked.length === 0 ? FAILS : { kind: 'if-first-seen', keys: asked };
}
