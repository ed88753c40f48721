import type { Search, ValueTest } from './detection.ts';
import { listTests } from './only/list-tests.ts';
import type { OnlyPolicy } from './only/only.ts';
import { readDetection } from './read-detection.ts';
import type { CompiledRule } from './rule.ts';

/** Which matching engines a set of rules cannot do without: synth bundles those, and no others, into evaluate. */
export function neededEngines(
  rules: readonly CompiledRule[],
  lists: OnlyPolicy['lists'] = {},
): { readonly regex: boolean; readonly cidr: boolean } {
  const kinds = new Set<ValueTest['kind']>();
  for (const { detection, only } of rules) {
    for (const list of Object.values(only?.inList ?? {})) {
      for (const test of listTests(lists[list] ?? [])) kinds.add(test.kind);
    }
    if (detection.correlation !== undefined) continue;
    for (const search of Object.values(readDetection(detection).searches)) collect(search, kinds);
  }
  return { regex: kinds.has('regex'), cidr: kinds.has('cidr') };
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
