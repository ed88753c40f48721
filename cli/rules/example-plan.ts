import { grantedBy } from '../../shared/cases/granted.ts';
import { type Subject, subjectLabel } from '../../shared/cases/subject.ts';
import { selectorFor, subjectOf } from '../../shared/cases/subject-of.ts';
import { touchedBy } from '../../shared/cases/touched-by.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import type { Step } from '../../shared/containment/action.ts';
import { QUARANTINE_POLICY_NAME } from '../../shared/containment/documents.ts';
import { CUT_OFF_AT_CONTAINMENT } from '../../shared/containment/plan.ts';
import { inlineNamesOf, planContainment } from '../../shared/containment/plan-containment.ts';
import { playbookActions } from '../../shared/containment/playbooks.ts';
import type { RuleTest } from '../../shared/rules/compile/link-rules.ts';
import type { CompiledRule, RuleHeader } from '../../shared/rules/rule.ts';
import { lookupByName } from '../backtest/lookup-by-name.ts';
import { EXAMPLE_DOCUMENTS, exampleSnapshot } from './example-snapshot.ts';

/** What a rule's playbook would do about the subject of its first firing test. */
export type ExamplePlan = {
  readonly rule: RuleHeader;
  readonly playbook: string;
  readonly subject?: string;
  /** `user`, `role`, `session`; `beyond`: nobody whom IAM could restrict. */
  readonly subjectKind?: Subject['kind'];
  readonly result:
    | { readonly kind: 'calls'; readonly steps: readonly Step[] }
    /** `alert`: somebody is told, and nothing is changed. */
    | { readonly kind: 'told' }
    /** Nothing that can be done, or no record to show it with. */
    | { readonly kind: 'none'; readonly why: string };
};

/** For each rule that names a playbook. Pure but for the promise: nothing is read from an account. */
export async function examplePlans(
  rules: readonly CompiledRule[],
  tests: readonly RuleTest[],
): Promise<readonly ExamplePlan[]> {
  const plans: ExamplePlan[] = [];
  for (const { header } of rules) {
    if (header.respond !== undefined) plans.push(await examplePlan(header, header.respond, tests));
  }
  return plans;
}

async function examplePlan(rule: RuleHeader, playbook: string, tests: readonly RuleTest[]): Promise<ExamplePlan> {
  const firing = tests.find((test) => test.match && test.ruleId === rule.id && test.file === rule.file);
  const none = (why: string): ExamplePlan => ({ rule, playbook, result: { kind: 'none', why } });
  if (firing === undefined) return none('no test shows it firing, so there is nobody to plan for');
  // Of several events it is the last that makes a correlation true.
  const decoded = decodeRecord(firing.events.at(-1));
  if (decoded.kind === 'undecodable') return none(`in its firing test ${decoded.reason}`);
  const { event } = decoded;
  const selector = selectorFor(playbook, rule.subject);
  const subject = await subjectOf(event, selector, lookupByName(event.account));
  const about = { rule, playbook, subject: subjectLabel(subject), subjectKind: subject.kind };
  const found = playbookActions(playbook, subject);
  if (found.kind !== 'actions') return { ...about, result: { kind: 'none', why: found.why } };
  if (found.actions.length === 0 || subject.kind === 'beyond') return { ...about, result: { kind: 'told' } };
  const { actions } = found;
  const granted = grantedBy(event);
  const touched = touchedBy(event);
  const plan = planContainment({
    subject,
    actions,
    snapshot: exampleSnapshot(subject, inlineNamesOf(subject, actions, 0, granted, touched), granted),
    documents: EXAMPLE_DOCUMENTS,
    quarantinePolicyArn: `arn:aws:iam::${subject.account}:policy/${QUARANTINE_POLICY_NAME}`,
    cutOff: CUT_OFF_AT_CONTAINMENT,
    granted,
    touched,
  });
  if (plan.kind === 'plan') return { ...about, result: { kind: 'calls', steps: plan.steps } };
  return { ...about, result: { kind: 'none', why: plan.kind === 'gone' ? plan.detail : plan.why } };
}
