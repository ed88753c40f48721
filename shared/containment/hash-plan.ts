import { hash } from 'node:crypto';
import type { Step } from './action.ts';
import { canonicalJson } from './canonical-json.ts';

/** What an approval binds to: calls, documents and prior values, in their order, and nothing that noise could change. */
export function hashPlan(steps: readonly Step[]): string {
  return hash('sha256', canonicalJson(steps.map(bindingPart)));
}

/** Whether two steps would do the same to the same. */
export function sameStep(a: Step, b: Step): boolean {
  return canonicalJson(bindingPart(a)) === canonicalJson(bindingPart(b));
}

function bindingPart({ key, call, prior, fallbacks }: Step) {
  return { key, call, prior, fallbacks };
}
