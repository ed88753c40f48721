import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '../../shared/cases/case.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import { CommandProblem } from '../stack/problem.ts';

/** The settle time is at least 30 s, and a fight or a slow account takes some rounds more. */
const PATIENCE_SECONDS = 600;

/** Waits until the order is planned, or carried out, and tells each change of state. `version`: of the case as ordered. */
export async function followContainment(
  store: CaseStore,
  of: { readonly caseId: string; readonly version: number; readonly enforce: boolean },
  tell: (line: string) => void,
): Promise<Case> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  let told = '';
  while (Date.now() < deadline) {
    const found = await store.read(of.caseId);
    if (found === undefined) throw new CommandProblem(`There is no case ${of.caseId} any more.`);
    const moved = found.version > of.version || (await store.plan(found.caseId, found.planVersion)) !== undefined;
    if (moved && !isUnderWay(found, of.enforce)) return found;
    if (moved && found.state !== told) tell(`${of.caseId} is ${found.state} …`);
    if (moved) told = found.state;
    await pause(300);
  }
  throw new CommandProblem(
    `${of.caseId} is still under way after ${PATIENCE_SECONDS} s, and goes on without this command. "npx rescind case show ${of.caseId}" tells how far it is.`,
  );
}

function isUnderWay({ state, outcome }: Case, enforce: boolean): boolean {
  if (state === 'open') return outcome === undefined;
  return enforce && (state === 'containing' || state === 'awaiting-approval' || state === 'releasing');
}
