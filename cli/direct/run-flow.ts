import { setTimeout as pause } from 'node:timers/promises';
import { containCase } from '../../shared/cases/contain-case.ts';
import { planCase } from '../../shared/cases/plan-case.ts';
import { recordFailure } from '../../shared/cases/record-failure.ts';
import { restoreCase, verifyReleaseCase } from '../../shared/cases/restore-case.ts';
import { verifyCase } from '../../shared/cases/verify-case.ts';
import type { FlowInput } from '../../shared/ports/flow.ts';
import type { DirectDeps } from './direct-deps.ts';

/**
 * What the state machine does in a deployed stack, in this process: the same steps in the same order. Whatever throws is
 * told in the case as well, so that it never looks better than it is.
 */
export async function runFlow(deps: DirectDeps, input: FlowInput, tell: (line: string) => void): Promise<void> {
  try {
    if (input.kind === 'contain') await runContainment(deps, input, tell);
    else await runRelease(deps, input, tell);
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown fault';
    await recordFailure(deps.plan, { ...input, error: name });
    throw error;
  }
}

async function runContainment(
  deps: DirectDeps,
  { caseId, planVersion }: Extract<FlowInput, { kind: 'contain' }>,
  tell: (line: string) => void,
): Promise<void> {
  const of = { caseId, planVersion };
  const planned = await planCase(deps.plan, of);
  if (planned.next !== 'contain') return;
  let pass: 'first' | 'detach' | 'reassert' | undefined = 'first';
  while (pass !== undefined) {
    tell(PASSES[pass]);
    if ((await containCase(deps.contain, { ...of, pass })).next === 'done') return;
    tell('Looking whether it stands …');
    pass = await untilLooked(deps, of);
  }
}

const PASSES = {
  first: 'Taking access back …',
  detach: 'The deny stands: detaching policies …',
  reassert: 'Somebody undid it: putting it back …',
} as const;

/** Rounds of fresh reads until another pass is due, or none any more. */
async function untilLooked(
  deps: DirectDeps,
  of: { readonly caseId: string; readonly planVersion: number },
): Promise<'first' | 'detach' | 'reassert' | undefined> {
  for (;;) {
    const { next, seconds, pass } = await verifyCase(deps.verify, of);
    if (next === 'contain') return pass;
    if (next !== 'wait') return undefined;
    await pause(seconds * 1000);
  }
}

async function runRelease(
  deps: DirectDeps,
  { caseId, release }: Extract<FlowInput, { kind: 'release' }>,
  tell: (line: string) => void,
): Promise<void> {
  let round = 1;
  for (;;) {
    tell('Giving access back …');
    if ((await restoreCase(deps.restore, { caseId, release })).next !== 'verify') return;
    const looked = await verifyReleaseCase(deps.verifyRelease, { caseId, release, round });
    if (looked.next === 'wait') await pause(looked.seconds * 1000);
    else if (looked.next !== 'restore') return;
    round = looked.round;
  }
}
