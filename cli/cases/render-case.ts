import { describeOutcome } from '../../shared/cases/describe-outcome.ts';
import type { Outcome } from '../../shared/cases/outcome.ts';
import { subjectLabel } from '../../shared/cases/subject.ts';
import type { Plan } from '../../shared/containment/plan.ts';
import { isJsonObject, type Json } from '../../shared/json.ts';
import { printable } from '../../shared/page/printable.ts';
import { proposedIn, type Residue } from '../../shared/residue/residue.ts';
import { localTime } from '../terminal/local-time.ts';
import type { WholeCase } from './whole-case.ts';

/** A case for people: what it is, what happened in order, and the plan with its exact calls. */
export function renderCase(whole: WholeCase): readonly string[] {
  const { case: found, plan, timeline, approval } = whole;
  const { subject, release, releasedSince } = found;
  const lines = [
    `${found.caseId}: ${found.state}, ${found.severity}, mode ${found.mode}`,
    `Subject   ${printable(subjectLabel(subject))} (${printable(subject.kind === 'beyond' ? subject.key : subject.arn)})`,
    `Opened    ${found.openedAt} in account ${subject.account}; last change ${found.updatedAt}`,
    `Playbooks ${found.playbooks.join(', ')}`,
    ...endLines(whole),
    ...(releasedSince === undefined
      ? []
      : [
          `Late      it happened before ${localTime(releasedSince.at)}, when a person let the subject go (${releasedSince.caseId})`,
        ]),
    ...(found.outcome === undefined ? [] : outcomeLines(found.outcome)),
    ...(found.verdict === undefined ? [] : [`Verdict   ${found.verdict}`]),
  ];
  if (approval !== undefined) {
    const { answer } = approval;
    const text =
      answer === undefined
        ? 'not answered yet'
        : `${answer.approved ? 'approved' : 'rejected'} at ${answer.at} by ${printable(answer.by)}`;
    lines.push(`Approval  of plan hash ${approval.planHash.slice(0, 16)}…, asked at ${approval.askedAt}: ${text}`);
  }
  if (release !== undefined) {
    lines.push(
      `Release   ${release.all ? 'of everything ' : ''}asked for at ${release.at} by ${printable(release.by)}`,
    );
    for (const each of release.withheld) lines.push(`  withheld  ${printable(each.target)}: ${each.reason}`);
    for (const each of release.conflicts)
      lines.push(`  conflict  ${printable(each.target)}: ${printable(each.reason)}`);
    for (const each of release.failed) lines.push(`  failed    ${printable(each.target)}: ${printable(each.reason)}`);
  }
  lines.push(...residueLines(found.residue));
  lines.push('', 'Timeline (UTC)');
  for (const entry of timeline) {
    lines.push(
      `  ${entry.at.slice(0, 23).replace('Z', '').padEnd(23)}  ${entry.kind.padEnd(12)}  ${printable(entry.text)}`,
    );
  }
  if (plan !== undefined) lines.push('', ...planLines(plan));
  return lines;
}

/** What the subject left behind: each with the command that takes it away, and what was not looked at. */
function residueLines(residue: Residue | undefined): readonly string[] {
  if (residue === undefined) return [];
  const proposed = proposedIn(residue);
  const others = residue.items.length - proposed.length;
  return [
    '',
    `Left behind  ${proposed.length} to decide on${others === 0 ? '' : `, ${others} gone, ended or its own`}; calls from ${residue.from} to ${residue.to}`,
    ...proposed.flatMap(({ what, by, at, state, contain }) => [
      `  ${state.padEnd(7)}  ${printable(what)} by ${printable(by)} at ${at}`,
      `           ${printable(contain)}`,
    ]),
    ...residue.limits.map((limit) => `  not seen: ${printable(limit)}`),
  ];
}

/** Until when, and what says so. Times in the zone of whoever looks. */
function endLines({ case: found, holds }: WholeCase): readonly string[] {
  const timed = found.state === 'releasing' ? found.release?.timed : undefined;
  return [
    ...(found.until === undefined ? [] : [`Until     ${localTime(found.until)}, then it is released by itself`]),
    ...(timed === undefined
      ? []
      : [`Until     ${localTime(timed.tokensUntil)} tokens from before the lock stay denied; the lock is over`]),
    ...holds.map(({ ruleId, playbook, startedAt, until, extensions = [] }) => {
      const end = until === undefined ? 'until a person releases' : `until ${localTime(until)}`;
      const moved =
        extensions.length === 0 ? '' : `, extended by ${printable(extensions.map(({ by }) => by).join(', '))}`;
      return `  hold      ${printable(playbook)} of rule ${printable(ruleId)} since ${localTime(startedAt)}, ${end}${moved}`;
    }),
  ];
}

export function outcomeLines(outcome: Outcome): readonly string[] {
  const lines = [`Outcome   ${printable(describeOutcome(outcome))}`];
  if (outcome.kind === 'partial') {
    for (const each of outcome.missing) lines.push(`  missing     ${printable(each.item)}: ${printable(each.reason)}`);
  }
  if (outcome.kind === 'partial' || outcome.kind === 'contained') {
    for (const each of outcome.residual) {
      lines.push(`  residual    ${printable(each.what)}`, `              ${printable(each.humanStep)}`);
    }
    for (const each of outcome.unavailable) lines.push(`  unavailable ${each.operation}: ${printable(each.reason)}`);
  }
  if (outcome.kind === 'not-containable' || outcome.kind === 'refused') {
    for (const step of outcome.humanSteps ?? []) lines.push(`  do          ${printable(step)}`);
  }
  return lines;
}

/** A plan with its exact calls, documents, prior values and hash. */
export function planLines(plan: Plan): readonly string[] {
  const lines = [`Plan ${plan.version}, made at ${plan.plannedAt}, hash ${plan.hash}`];
  if (plan.steps.length === 0) lines.push('  no call: nothing of IAM would be changed');
  plan.steps.forEach((step, index) => {
    lines.push(`  ${index + 1}. ${printable(step.title)}`, `     iam:${step.call.operation}`);
    for (const [name, value] of Object.entries(step.call.input)) lines.push(...memberLines(name, value));
    lines.push(`     before: ${printable(JSON.stringify(step.prior), LONGEST_DOCUMENT)}`);
  });
  for (const each of plan.residual) lines.push(`  not ended: ${printable(each.what)}`);
  for (const each of plan.unavailable) lines.push(`  unavailable: ${each.operation} (${printable(each.reason)})`);
  return lines;
}

/** Inline documents go up to 10,240 characters; the plan shows them whole. */
const LONGEST_DOCUMENT = 12_000;

/** A policy document is shown as what it says, not as one long string. */
function memberLines(name: string, value: Json | undefined): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const document = name.endsWith('Document') ? parse(text) : undefined;
  if (document === undefined) return [`       ${name}: ${printable(text, LONGEST_DOCUMENT)}`];
  const body = JSON.stringify(document, null, 2).split('\n');
  return [`       ${name}:`, ...body.map((line) => `         ${printable(line, LONGEST_DOCUMENT)}`)];
}

function parse(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Not JSON after all: shown as the string that it is.
    return undefined;
  }
}
