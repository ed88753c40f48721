import { closeBreaker, passBreaker } from '../../shared/cases/breaker.ts';
import type { Case } from '../../shared/cases/case.ts';
import { moveCase } from '../../shared/cases/move-case.ts';
import type { Policy } from '../../shared/config/policy.ts';
import type { Breaker } from '../../shared/ports/case-store.ts';

/** What a plan of a case would have come to, as far as a log can say. */
export const FATES = {
  contained: 'contained',
  asked: 'a person is asked',
  planned: 'planned only',
  told: 'told only',
  protected: 'refused: protected',
  breaker: 'refused: breaker',
  'not-containable': 'a human must act',
} as const;
export type Fate = keyof typeof FATES;

export type Settled = { readonly next: Case; readonly fate: Fate; readonly why?: string };

export type ReplayBreaker = {
  readonly pass: (subjectKey: string, now: Date) => boolean;
  readonly openedAt: () => readonly number[];
};

/** A person closes an open breaker; they are taken to need as long as for a case: the day. */
const CLOSED_AFTER_MS = 24 * 3600 * 1000;

export function createBreaker(limits: Policy['breaker']): ReplayBreaker {
  let breaker: Breaker = { passed: {}, revision: 0 };
  const opened: number[] = [];
  return {
    openedAt: () => opened,
    pass: (subjectKey, now) => {
      const since = breaker.openedAt === undefined ? undefined : Date.parse(breaker.openedAt);
      if (since !== undefined && now.getTime() - since >= CLOSED_AFTER_MS) breaker = closeBreaker(breaker);
      const passage = passBreaker(breaker, limits, subjectKey, now);
      breaker = passage.next ?? breaker;
      if (passage.kind === 'refused' && passage.next !== undefined) opened.push(now.getTime());
      return passage.kind === 'pass';
    },
  };
}

/**
 * Leads a case whose plan is due through the same gates in the same order as in the account, and through the changes of
 * state that follow, each of which is an alert. What is asked is taken as approved, and what is done as done: the most alerts.
 */
export function settleCase(
  current: Case,
  gates: {
    readonly unfit: string | undefined;
    readonly protection: string | undefined;
    readonly breaker: ReplayBreaker;
    readonly now: Date;
  },
): Settled {
  const at = gates.now.toISOString();
  const acts = current.actions.length > 0;
  const { subject } = current;
  if (subject.kind === 'beyond') {
    const { why, humanSteps } = subject;
    const outcome = { kind: 'not-containable', why, humanSteps } as const;
    return { next: moveCase(current, 'needs-human', at, { outcome }), fate: 'not-containable', why };
  }
  if (gates.unfit !== undefined && !acts) {
    const outcome = { kind: 'not-containable', why: gates.unfit, humanSteps: [] } as const;
    return { next: moveCase(current, 'needs-human', at, { outcome }), fate: 'not-containable', why: gates.unfit };
  }
  if (gates.protection !== undefined && acts) {
    const outcome = { kind: 'refused', reason: 'protected', detail: gates.protection } as const;
    return { next: moveCase(current, 'needs-human', at, { outcome }), fate: 'protected', why: gates.protection };
  }
  if (!acts || current.mode === 'observe') {
    const next = moveCase(current, 'open', at, { outcome: { kind: 'planned' } });
    return { next, fate: acts ? 'planned' : 'told' };
  }
  if (!gates.breaker.pass(subject.key, gates.now)) {
    const outcome = { kind: 'refused', reason: 'breaker', detail: 'the breaker is open' } as const;
    return { next: moveCase(current, 'needs-human', at, { outcome }), fate: 'breaker' };
  }
  const asks = current.mode === 'approve';
  const asked = asks ? moveCase(current, 'awaiting-approval', at) : current;
  const contained = moveCase(moveCase(asked, 'containing', at), 'contained', at);
  return { next: contained, fate: asks ? 'asked' : 'contained' };
}
