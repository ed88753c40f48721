import { setTimeout as pause } from 'node:timers/promises';
import { type Case, isEnding } from '../../shared/cases/case.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import { CommandProblem } from '../stack/problem.ts';

/** The settle time is at least 30 s, and a fight or a slow account takes some rounds more. */
const PATIENCE_SECONDS = 600;

type Told = Pick<CaseStore, 'read' | 'plan'>;

/** Waits until the order is planned, or carried out, and tells each change of state. */
export async function followContainment(
  store: Told,
  of: { readonly caseId: string; readonly enforce: boolean },
  tell: (line: string) => void,
): Promise<Case> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  let told = '';
  while (Date.now() < deadline) {
    const found = await plannedCase(store, of.caseId);
    if (found !== undefined && !isUnderWay(found, of.enforce)) return found;
    if (found !== undefined && found.state !== told) tell(`${of.caseId} is ${found.state} …`);
    told = found?.state ?? told;
    await pause(300);
  }
  throw new CommandProblem(
    `${of.caseId} is still under way after ${PATIENCE_SECONDS} s, and goes on without this command. "npx rescind case show ${of.caseId}" tells how far it is.`,
  );
}

/** A plan and what it moves the case to are written together: read once the plan is seen, the case is as new as that. */
async function plannedCase(store: Told, caseId: string): Promise<Case | undefined> {
  const ordered = await readCase(store, caseId);
  // Somebody gives the access back meanwhile, or its lock is over: no plan of the case follows.
  if (isEnding(ordered)) return ordered;
  if ((await store.plan(caseId, ordered.planVersion)) === undefined) return undefined;
  return readCase(store, caseId);
}

async function readCase(store: Told, caseId: string): Promise<Case> {
  const found = await store.read(caseId);
  if (found === undefined) throw new CommandProblem(`There is no case ${caseId} any more.`);
  return found;
}

/** An order to carry out never rests in `open`; one to plan only does, with an outcome. */
function isUnderWay({ state, outcome }: Case, enforce: boolean): boolean {
  if (state === 'open') return enforce || outcome === undefined;
  return enforce && (state === 'containing' || state === 'awaiting-approval');
}
