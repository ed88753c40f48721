import type { Search, ValueTest } from './detection.ts';
import type { Engines } from './engines/engine.ts';
import { listTests } from './only/list-tests.ts';
import { needsResources } from './only/needs-resources.ts';
import { NO_POLICY } from './only/no-policy.ts';
import type { OnlyPolicy } from './only/only.ts';
import { readDetection } from './read-detection.ts';
import type { CompiledRule } from './rule.ts';

/** Which matching engines a set of rules cannot do without: synth bundles those, and no others, into evaluate. */
export function neededEngines(
  rules: readonly CompiledRule[],
  policy: OnlyPolicy = NO_POLICY,
): { readonly [E in keyof Engines]-?: boolean } {
  const kinds = new Set<ValueTest['kind']>();
  for (const { detection, only } of rules) {
    for (const list of Object.values(only?.inList ?? {})) {
      for (const test of listTests(policy.lists[list] ?? [])) kinds.add(test.kind);
    }
    if (detection.correlation !== undefined) continue;
    for (const search of Object.values(readDetection(detection).searches)) collect(search, kinds);
  }
  return {
    regex: kinds.has('regex'),
    cidr: kinds.has('cidr'),
    resources: rules.some(({ only }) => only !== undefined && needsResources(only, policy)),
  };
}

function collect(search: Search, kinds: Set<ValueTest['kind']>): void {
  switch (search.kind) {
    case 'all-of':
    case 'any-of':
      for (const part of search.of) collect(part, kinds);
      return;
    case 'item':
    case 'keywords':
      for (const test of search.tests) kinds.add(test.kind === 'none' ? test.test.kind : test.kind);
  }
}
