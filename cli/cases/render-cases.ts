import type { Case } from '../../shared/cases/case.ts';
import { describeOutcome } from '../../shared/cases/describe-outcome.ts';
import { subjectLabel } from '../../shared/cases/subject.ts';
import { printable } from '../../shared/page/printable.ts';
import { outputWidth, tableLines } from '../terminal/table.ts';

export function renderCases(cases: readonly Case[], all: boolean): readonly string[] {
  if (cases.length === 0)
    return [all ? 'There is no case yet.' : 'No case is open. "npx rescind cases --all" lists the ended ones.'];
  const timed = cases.some((each) => dueUntil(each) !== undefined);
  return tableLines(
    [
      { title: 'CASE' },
      { title: 'STATE' },
      { title: 'SEVERITY' },
      { title: 'SUBJECT', shrink: true },
      { title: 'OPENED (UTC)' },
      ...(timed ? [{ title: 'UNTIL (UTC)' }] : []),
      { title: 'OUTCOME', shrink: true },
    ],
    cases.map((each) => [
      each.caseId,
      each.state,
      each.severity,
      printable(subjectLabel(each.subject)),
      each.openedAt.slice(0, 19).replace('T', ' '),
      ...(timed ? [(dueUntil(each) ?? '').slice(0, 19).replace('T', ' ')] : []),
      printable(each.outcome === undefined ? '' : describeOutcome(each.outcome)),
    ]),
    outputWidth(process.stdout),
  );
}

/** When a case ends by itself: its lock, or the tokens from before a lock that has ended. */
function dueUntil({ state, until, release }: Case): string | undefined {
  return state === 'releasing' ? release?.timed?.tokensUntil : until;
}
