import type { RuleTest } from '../../shared/rules/compile/link-rules.ts';
import { correlateAll } from '../../shared/rules/correlate/correlate-all.ts';
import { createCorrelator } from '../../shared/rules/correlate/create-correlator.ts';
import { ipaddrCidr } from '../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../shared/rules/engines/re2-regex.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';

export type TestResult = { readonly test: RuleTest; readonly passed: boolean; readonly got: string };

/** Runs the tests that stand inside the rules, each against its own rule; a correlation brings the rules it is made of. */
export function runRuleTests(rules: readonly CompiledRule[], tests: readonly RuleTest[]): TestResult[] {
  const evaluator = createEvaluator(rules, { regex: re2Regex, cidr: ipaddrCidr });
  const correlator = createCorrelator(rules);
  const faults = [...evaluator.faults, ...correlator.faults];
  return tests.map((test) => {
    const fault = faults.find((each) => each.ruleId === test.ruleId && each.file === test.file);
    if (fault !== undefined) return { test, passed: false, got: `could not be loaded: ${fault.message}` };
    const results = test.events.map((event) => ({ event, ...evaluator.evaluate(event) }));
    const thrown = results.flatMap((result) => result.faults).find((each) => each.ruleId === test.ruleId);
    if (thrown !== undefined) return { test, passed: false, got: `threw: ${thrown.message}` };
    const met = results.some(({ matches }) => matches.some(({ id, file }) => id === test.ruleId && file === test.file));
    const marks = results.flatMap(({ event, matches }) => correlator.marksOf(event, matches));
    const found = correlateAll(correlator, marks).some((finding) => finding.correlationId === test.ruleId);
    const fired = met || found;
    return { test, passed: fired === test.match, got: fired ? 'fired' : 'stayed silent' };
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
