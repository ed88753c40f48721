import type { Detection, Expression } from '../detection.ts';
import type { Draft } from './draft.ts';
import { type Referable, type RuleDraft, resolve } from './link-rules.ts';

/** The detections of rules that filters narrow. */
export function filtered(drafts: readonly Draft[], referable: readonly Referable[]): ReadonlyMap<RuleDraft, Detection> {
  const detections = new Map<RuleDraft, Detection>();
  const timesNamed = new Map<string, number>();
  for (const filter of drafts) {
    if (filter.kind !== 'filter') continue;
    // Two files may bear one id; each of them counts.
    const times = (timesNamed.get(filter.id) ?? 0) + 1;
    timesNamed.set(filter.id, times);
    const label = times === 1 ? filter.id : `${filter.id} (${times})`;
    const targets = new Set<RuleDraft>();
    for (const reference of filter.rules) {
      if (reference.text === 'any') {
        for (const draft of referable) if (draft.kind === 'rule') targets.add(draft);
        continue;
      }
      const resolved = resolve(reference, referable);
      if (resolved.kind === 'unknown') {
        filter.report(reference.at, resolved.reason);
        continue;
      }
      const target = resolved.draft.kind === 'rule' ? resolved.draft : resolved.draft.counted;
      if (target !== undefined) targets.add(target);
      else
        filter.report(reference.at, `\`${reference.text}\` correlates others: a filter names the rules it is made of`);
    }
    for (const target of targets) {
      detections.set(target, narrowed(detections.get(target) ?? target.detection, label, filter.detection));
    }
  }
  return detections;
}

function narrowed(detection: Detection, label: string, filter: Detection): Detection {
  const nameOf = (name: string): string => `filter ${label}: ${name}`;
  const rename = (expression: Expression): Expression => {
    switch (expression.kind) {
      case 'search':
        return { kind: 'search', name: nameOf(expression.name) };
      case 'not':
        return { kind: 'not', of: rename(expression.of) };
      case 'and':
      case 'or':
        return { kind: expression.kind, of: expression.of.map(rename) };
    }
  };
  const searches = Object.entries(filter.searches).map(([name, search]) => [nameOf(name), search] as const);
  return {
    condition: { kind: 'and', of: [detection.condition, rename(filter.condition)] },
    searches: { ...detection.searches, ...Object.fromEntries(searches) },
  };
}
