import type { JsonObject } from '../../json.ts';
import type { Detection } from '../detection.ts';
import type { CompiledRule, RuleProblem } from '../rule.ts';
import { filtered } from './apply-filters.ts';
import type { Reference } from './compile-correlation.ts';
import type { RuleTestCase } from './compile-rescind-key.ts';
import type { Draft } from './draft.ts';
import { linkCorrelation } from './link-correlation.ts';

export type RuleTest = RuleTestCase & { readonly ruleId: string; readonly file: string };

export type CompiledFile = {
  readonly rules: readonly CompiledRule[];
  readonly tests: readonly RuleTest[];
  readonly problems: readonly RuleProblem[];
  /** Things that work and should be written otherwise. */
  readonly warnings: readonly RuleProblem[];
};

export type RuleDraft = Extract<Draft, { readonly kind: 'rule' }>;
export type CorrelationRuleDraft = Extract<Draft, { readonly kind: 'correlation' }>;
export type Referable = RuleDraft | CorrelationRuleDraft;

/** Joins the documents of a collection: filters into their rules, correlations to theirs. Problems go to each draft's report. */
export function linkRules(drafts: readonly Draft[]): Pick<CompiledFile, 'rules' | 'tests'> {
  const referable = drafts.filter((draft) => draft.kind !== 'filter');
  const detections = filtered(drafts, referable);
  const correlations = new Map<CorrelationRuleDraft, JsonObject>();
  const silent = new Set<Referable>();
  const raising = new Set<Referable>();
  for (const draft of referable) {
    if (draft.kind !== 'correlation') continue;
    const linked = linkCorrelation(draft, referable);
    if (linked === undefined) continue;
    correlations.set(draft, { correlation: linked.correlation });
    for (const part of linked.parts) (draft.correlation.generate ? raising : silent).add(part);
  }
  const rules: CompiledRule[] = [];
  const tests: RuleTest[] = [];
  for (const draft of referable) {
    const detection =
      draft.kind === 'rule' ? asJson(detections.get(draft) ?? draft.detection) : correlations.get(draft);
    if (detection === undefined) continue;
    const isSilent = silent.has(draft) && !raising.has(draft);
    const only = draft.kind === 'rule' && draft.only !== undefined ? { only: draft.only } : {};
    rules.push({ header: draft.header, detection: isSilent ? { ...detection, silent: true } : detection, ...only });
    tests.push(...draft.tests.map((test) => ({ ...test, ruleId: draft.header.id, file: draft.header.file })));
  }
  return { rules, tests };
}

export type Resolved =
  | { readonly kind: 'found'; readonly draft: Referable; readonly byTitle: boolean }
  | { readonly kind: 'unknown'; readonly reason: string };

/** By id, by name, or, because public collections do it, by title. */
export function resolve(reference: Reference, referable: readonly Referable[]): Resolved {
  const text = reference.text.toLowerCase();
  for (const pick of [
    (draft: Referable) => draft.header.id,
    (draft: Referable) => draft.name,
    (draft: Referable) => draft.header.title,
  ]) {
    const hits = referable.filter((draft) => pick(draft)?.toLowerCase() === text);
    const [first] = hits;
    if (first === undefined) continue;
    if (hits.length > 1)
      return { kind: 'unknown', reason: `\`${reference.text}\` names ${hits.length} rules: write the id of one` };
    return {
      kind: 'found',
      draft: first,
      byTitle: first.header.id.toLowerCase() !== text && first.name?.toLowerCase() !== text,
    };
  }
  return {
    kind: 'unknown',
    reason: `there is no rule \`${reference.text}\` here: write the id or name of one that compiles`,
  };
}

/** A detection is JSON already; this only says so to the type system, field by field. */
function asJson(detection: Detection): JsonObject {
  return { condition: detection.condition, searches: detection.searches };
}
