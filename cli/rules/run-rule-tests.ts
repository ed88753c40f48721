import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import type { Given } from '../../shared/rules/compile/compile-given.ts';
import type { RuleTest } from '../../shared/rules/compile/link-rules.ts';
import { correlateAll } from '../../shared/rules/correlate/correlate-all.ts';
import { createCorrelator } from '../../shared/rules/correlate/create-correlator.ts';
import { ALL_ENGINES } from '../../shared/rules/engines/all-engines.ts';
import { createEvaluator, type Evaluation } from '../../shared/rules/evaluate/create-evaluator.ts';
import { keysToNote } from '../../shared/rules/first-seen/keys-to-note.ts';
import { createSightings } from '../../shared/rules/first-seen/sightings.ts';
import { NO_POLICY } from '../../shared/rules/only/no-policy.ts';
import type { OnlyPolicy } from '../../shared/rules/only/only.ts';
import { readCorrelation } from '../../shared/rules/read-correlation.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';

export type TestResult = { readonly test: RuleTest; readonly passed: boolean; readonly got: string };

/**
 * Runs the tests that stand inside the rules, each against its own rule; a correlation brings the rules it is made of.
 * What `only` refers to is what the test is given, else the policy.
 */
export function runRuleTests(
  rules: readonly CompiledRule[],
  tests: readonly RuleTest[],
  policy: OnlyPolicy = NO_POLICY,
): TestResult[] {
  const byPolicy = judgesOf(rules, policy);
  return tests.map((test) => {
    const { given } = test;
    const { evaluator, correlator } = given === undefined ? byPolicy : judgesOf(withParts(rules, test), given.policy);
    const fault = [...evaluator.faults, ...correlator.faults].find(
      (each) => each.ruleId === test.ruleId && each.file === test.file,
    );
    if (fault !== undefined) return { test, passed: false, got: `could not be loaded: ${fault.message}` };
    const judged = test.events.map((event) => ({ event, evaluation: evaluator.evaluate(event) }));
    const results = judged.map(({ event, evaluation }) => ({ event, ...evaluation }));
    const thrown = results.flatMap((result) => result.faults).find((each) => each.ruleId === test.ruleId);
    if (thrown !== undefined) return { test, passed: false, got: `threw: ${thrown.message}` };
    const decided = decideFirstSeen(rules, results, given);
    const isOwn = ({ id, file }: CompiledRule['header']): boolean => id === test.ruleId && file === test.file;
    const marks = decided.flatMap(({ event, matches }) => correlator.marksOf(event, matches));
    const fired =
      decided.some(({ matches }) => matches.some(isOwn)) ||
      correlateAll(correlator, marks).some((finding) => finding.correlationId === test.ruleId);
    const by = results.flatMap(({ suppressed }) => suppressed).find(({ rule }) => isOwn(rule))?.by;
    const silent = `stayed silent${by === undefined ? '' : `: ${by}`}`;
    return { test, passed: fired === test.match, got: fired ? 'fired' : silent };
  });
}

function judgesOf(rules: readonly CompiledRule[], policy: OnlyPolicy) {
  const evaluator = createEvaluator(rules, ALL_ENGINES, policy);
  return { evaluator, correlator: createCorrelator(rules) };
}

/** The rule of a test and what it is made of: all that its own policy has to be applied to. */
function withParts(rules: readonly CompiledRule[], { ruleId }: RuleTest): readonly CompiledRule[] {
  const wanted = new Set([ruleId]);
  for (const id of wanted) {
    for (const rule of rules) {
      if (rule.header.id === id) for (const part of readCorrelation(rule.detection)?.rules ?? []) wanted.add(part);
    }
  }
  return rules.filter(({ header }) => wanted.has(header.id));
}

type Judged = Evaluation & { readonly event: CompiledRule['detection'] };

/** The events with the rules that came down to first-seen: by the events of the test themselves, unless all was seen before. */
function decideFirstSeen(
  rules: readonly CompiledRule[],
  results: readonly Judged[],
  given: Given | undefined,
): readonly Pick<Judged, 'event' | 'matches'>[] {
  if (results.every(({ undecided }) => undecided.length === 0)) return results;
  const keysOf = keysToNote(rules);
  const sightings = createSightings();
  const own = results.map(({ event }) => {
    const decoded = decodeRecord(event);
    if (decoded.kind === 'undecodable') return undefined;
    const sighting = { time: Date.parse(decoded.event.eventTime), eventId: decoded.event.eventId };
    for (const key of keysOf(decoded.event)) sightings.note(key, sighting);
    return sighting;
  });
  return results.map(({ event, matches, undecided }, index) => {
    const sighting = own[index];
    const first = undecided.filter(
      ({ keys }) =>
        given?.seen !== true && sighting !== undefined && keys.some((key) => sightings.isFirst(key, sighting)),
    );
    return { event, matches: [...matches, ...first.map(({ rule }) => rule)] };
  });
}

/** Rules that are not shown both to fire and to stay silent. A part of a correlation is shown by the correlation. */
export function untestedRules(
  rules: readonly CompiledRule[],
  tests: readonly RuleTest[],
): { rule: CompiledRule; lacks: string }[] {
  return rules.flatMap((rule) => {
    if (rule.detection.silent === true) return [];
    const own = tests.filter((test) => test.ruleId === rule.header.id && test.file === rule.header.file);
    const lacks = [
      ...(own.some((test) => test.match) ? [] : ['a firing test']),
      ...(own.some((test) => !test.match) ? [] : ['a silent test']),
    ];
    return lacks.length === 0 ? [] : [{ rule, lacks: lacks.join(' and ') }];
  });
}
