import { isEnding } from '../../shared/cases/case.ts';
import { subjectLabel } from '../../shared/cases/subject.ts';
import { printable } from '../../shared/page/printable.ts';
import { outcomeLines, planLines } from '../cases/render-case.ts';
import type { WholeCase } from '../cases/whole-case.ts';
import type { Door } from './door.ts';

/** What was written on the command line to ask for it, as far as the plan depends on it. */
export type Written = { readonly principal: string; readonly playbook?: string; readonly for?: string };

/** What became of a containment by hand, and what to do next. */
export function renderContainment(
  { case: found, plan }: Pick<WholeCase, 'case' | 'plan'>,
  written: Written,
  flag: Door['flag'],
): readonly string[] {
  const { caseId, state, outcome } = found;
  const lines = [
    `${caseId}: ${printable(subjectLabel(found.subject))} is ${state}`,
    ...(outcome === undefined ? [] : outcomeLines(outcome)),
  ];
  if (outcome?.kind === 'planned') {
    const reset = found.actions.includes('reset-console') ? ' --reset-console' : '';
    const playbook = written.playbook === undefined ? '' : ` --playbook ${written.playbook}`;
    const length = written.for === undefined ? '' : ` --for ${written.for.replaceAll(' ', '')}`;
    const again = `npx rescind contain ${printable(written.principal)}${playbook}${length} --enforce${flag}${reset}`;
    const end = `npx rescind close ${caseId} --verdict benign${flag}`;
    const next = `Carry it out with "${again}"; end the case with "${end}".`;
    return [...(plan === undefined ? [] : planLines(plan)), ...lines, next];
  }
  if (state === 'contained' || outcome?.kind === 'partial') {
    return [...lines, `Give access back with "npx rescind release ${caseId}${flag}".`];
  }
  if (isEnding(found) && outcome?.kind !== 'gone') {
    return [...lines, `Access is being given back, or was: "npx rescind case show ${caseId}${flag}" says by whom.`];
  }
  return lines;
}
