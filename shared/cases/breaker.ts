import type { Breaker } from '../ports/case-store.ts';

export type BreakerLimits = { readonly subjects: number; readonly windowSeconds: number };

export type Passage =
  /** The subject may be acted on; `next` remembers it, or is absent when it was let through within this window. */
  | { readonly kind: 'pass'; readonly next?: Breaker }
  /** `next` is present on the case that opened the breaker: one page, not one a case. */
  | { readonly kind: 'refused'; readonly next?: Breaker };

/** At most so many subjects in a sliding window; then nothing is contained until a person closes the breaker. */
export function passBreaker(current: Breaker, limits: BreakerLimits, subjectKey: string, now: Date): Passage {
  const since = now.getTime() - limits.windowSeconds * 1000;
  const recent = Object.entries(current.passed).filter(([, at]) => Date.parse(at) > since);
  if (recent.some(([passed]) => passed === subjectKey)) return { kind: 'pass' };
  if (current.openedAt !== undefined) return { kind: 'refused' };
  const revision = current.revision + 1;
  if (recent.length >= limits.subjects) {
    return { kind: 'refused', next: { passed: current.passed, openedAt: now.toISOString(), revision } };
  }
  return { kind: 'pass', next: { passed: Object.fromEntries([...recent, [subjectKey, now.toISOString()]]), revision } };
}

/** Closed by a person: the window starts anew. */
export function closeBreaker(current: Breaker): Breaker {
  return { passed: {}, revision: current.revision + 1 };
}
