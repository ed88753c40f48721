import { subjectLabel } from '../../shared/cases/subject.ts';
import { printable } from '../../shared/page/printable.ts';
import { outcomeLines, planLines } from '../cases/render-case.ts';
import type { WholeCase } from '../cases/whole-case.ts';
import type { Door } from './door.ts';

/** What became of a containment by hand, and what to do next. */
export function renderContainment(
  { case: found, plan }: WholeCase,
  written: string,
  flag: Door['flag'],
): readonly string[] {
  const { caseId, state, outcome } = found;
  const lines = [
    `${caseId}: ${printable(subjectLabel(found.subject))} is ${state}`,
    ...(outcome === undefined ? [] : outcomeLines(outcome)),
  ];
  if (outcome?.kind === 'planned') {
    const reset = found.actions.includes('reset-console') ? ' --reset-console' : '';
    const again = `npx rescind contain ${printable(written)} --enforce${flag}${reset}`;
    const end = `npx rescind close ${caseId} --verdict benign${flag}`;
    const next = `Carry it out with "${again}"; end the case with "${end}".`;
    return [...(plan === undefined ? [] : planLines(plan)), ...lines, next];
  }
  if (state === 'contained' || outcome?.kind === 'partial') {
    return [...lines, `Give access back with "npx rescind release ${caseId}${flag}".`];
  }
  return lines;
}
