import type { Step } from '../../shared/containment/action.ts';
import { printable } from '../../shared/page/printable.ts';
import { colour } from '../terminal/colour.ts';
import { plural } from '../terminal/plural.ts';
import type { ExamplePlan } from './example-plan.ts';
import { EXAMPLE_SAID } from './example-snapshot.ts';

const NAMED_RULES = 3;

/** The plans, rules with the same playbook and the same kind of subject together: only the names in them differ. */
export function planLines(plans: readonly ExamplePlan[]): string[] {
  if (plans.length === 0) return [];
  const groups = new Map<string, ExamplePlan[]>();
  for (const plan of plans) {
    const { playbook, subjectKind, result } = plan;
    const key = JSON.stringify([playbook, subjectKind, result.kind === 'none' ? result.why : result.kind]);
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  return [colour.bold('What the playbooks would do'), `(${EXAMPLE_SAID})`, ...[...groups.values()].flatMap(groupLines)];
}

function groupLines(plans: readonly ExamplePlan[]): string[] {
  const [first] = plans;
  if (first === undefined) return [];
  const titles = plans.slice(0, NAMED_RULES).map(({ rule }) => rule.title);
  const more = plans.length - titles.length;
  const rules = `${plural(plans.length, 'rule')}: ${titles.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  const about = first.subject === undefined ? '' : ` on ${printable(first.subject, 80)}`;
  return ['', `${colour.bold(first.playbook)}${about}  ${colour.dim(printable(rules, 300))}`, ...resultLines(first)];
}

function resultLines({ result }: ExamplePlan): string[] {
  switch (result.kind) {
    case 'told':
      return ['  nothing is changed: somebody is told'];
    case 'none':
      return [`  no calls: ${printable(result.why, 300)}`];
    case 'calls':
      return result.steps.flatMap((step, index) => [
        `  ${index + 1}. ${printable(step.title, 200)}`,
        `     ${callText(step)}`,
      ]);
  }
}

function callText({ call }: Step): string {
  const input = Object.entries(call.input).map(([name, value]) => `${name}=${String(value)}`);
  return colour.dim(printable(`${call.service}:${call.operation} ${input.join(' ')}`, 1_000));
}
