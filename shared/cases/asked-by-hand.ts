import type { Detection } from './case.ts';

/** What a case keeps as the source of an order; a record's is a domain name. */
export const BY_HAND = 'rescind';

/** What happened last is that a person ordered it: no loop of events comes of that. */
export function isAskedByHand(detections: readonly Detection[]): boolean {
  const [newest] = [...detections].sort((a, b) => b.detectedAt.localeCompare(a.detectedAt));
  return newest?.eventSource === BY_HAND && newest.mode === 'enforce';
}
