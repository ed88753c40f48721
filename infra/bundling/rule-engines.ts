import { ipaddrCidr } from '../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../shared/rules/engines/re2-regex.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';

/** Which matchers the rules cannot be loaded without, found by loading them without. */
export function enginesUsedBy(rules: readonly CompiledRule[]): { readonly regex: boolean; readonly cidr: boolean } {
  return {
    regex: createEvaluator(rules, { cidr: ipaddrCidr }).faults.length > 0,
    cidr: createEvaluator(rules, { regex: re2Regex }).faults.length > 0,
  };
}
