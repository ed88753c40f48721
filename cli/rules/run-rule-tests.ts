import type { RuleTest } from '../../shared/rules/compile/compile-rule-file.ts';
import { ipaddrCidr } from '../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../shared/rules/engines/re2-regex.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';

export type TestResult = { readonly test: RuleTest; readonly passed: boolean; readonly got: string };

/** Runs the tests that stand inside the rules, each against its own rule only. */
export function runRuleTests(rules: readonly CompiledRule[], tests: readonly RuleTest[]): TestResult[] {
  const evaluators = new Map(
    rules.map((rule) => [
      keyOf(rule.header.id, rule.header.file),
      createEvaluator([rule], { regex: re2Regex, cidr: ipaddrCidr }),
    ]),
  );
  return tests.map((test) => {
    const evaluator = evaluators.get(keyOf(test.ruleId, test.file));
    if (evaluator === undefined) return { test, passed: false, got: 'the rule is not there' };
    const results = test.events.map((event) => evaluator.evaluate(event));
    const fault = [...evaluator.faults, ...results.flatMap((result) => result.faults)][0];
    if (fault !== undefined) return { test, passed: false, got: `the rule threw: ${fault.message}` };
    const fired = results.some((result) => result.hits.length > 0);
    return { test, passed: fired === test.match, got: fired ? 'fired' : 'stayed silent' };
  });
}

/** Rules that are not shown both to fire and to stay silent. */
export function untestedRules(
  rules: readonly CompiledRule[],
  tests: readonly RuleTest[],
): { rule: CompiledRule; lacks: string }[] {
  return rules.flatMap((rule) => {
    const own = tests.filter((test) => test.ruleId === rule.header.id && test.file === rule.header.file);
    const lacks = [
      ...(own.some((test) => test.match) ? [] : ['a firing test']),
      ...(own.some((test) => !test.match) ? [] : ['a silent test']),
    ];
    return lacks.length === 0 ? [] : [{ rule, lacks: lacks.join(' and ') }];
  });
}

function keyOf(id: string, file: string): string {
  return `${file}\n${id}`;
}
