import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '../../shared/cases/case.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import { CommandProblem } from '../stack/problem.ts';

const PATIENCE_SECONDS = 300;

/** Waits until a release has ended one way or the other, and says how. `done`: it gave back all it was asked to. */
export async function followRelease(
  store: CaseStore,
  caseId: string,
): Promise<{ text: string; done: boolean; report: Case }> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  while (Date.now() < deadline) {
    const report = await store.read(caseId);
    if (report !== undefined && report.state !== 'releasing') return { report, ...describeRelease(report) };
    await pause(300);
  }
  throw new CommandProblem(
    `${caseId} is still being released after ${PATIENCE_SECONDS} s. "npx rescind case show ${caseId}" tells how far it is.`,
  );
}

/** How a release ended. `flag`: what has to be added to a command about the case. */
export function describeRelease(
  { caseId, state, release }: Case,
  flag: '' | ' --direct' = '',
): { text: string; done: boolean } {
  if (state !== 'released')
    return {
      text: `${caseId} is ${state}: it was not given back. "npx rescind case show ${caseId}${flag}" tells why.`,
      done: false,
    };
  const withheld = release?.withheld ?? [];
  const conflicts = release?.conflicts ?? [];
  const lines = [
    `${caseId} is released.`,
    ...withheld.map((each) => `  withheld: ${each.target} (${each.reason})`),
    ...conflicts.map((each) => `  left alone: ${each.target} (${each.reason})`),
    ...(withheld.length === 0
      ? []
      : [`What was withheld comes back with "npx rescind release ${caseId} --all${flag}".`]),
  ];
  return { text: lines.join('\n'), done: true };
}
