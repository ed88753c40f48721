import { expect, it } from 'vitest';
import { BY_HAND, isAskedByHand } from '../../../shared/cases/asked-by-hand.ts';
import type { Detection } from '../../../shared/cases/case.ts';
import { detection } from '../../support/case-scene.ts';

const at = (minute: string, of: Partial<Detection>) =>
  detection({ detectedAt: `2026-11-21T02:${minute}:00.000Z`, ...of });
const order = (minute: string) => at(minute, { eventSource: BY_HAND, mode: 'enforce' });
const look = (minute: string) => at(minute, { eventSource: BY_HAND, mode: 'observe' });
const rule = (minute: string) => at(minute, { eventSource: 'iam.amazonaws.com', mode: 'enforce' });

/** Beyond the budget, and past the question about a workload, goes only what a person has just ordered. */
it.each<[string, readonly Detection[], boolean]>([
  ['an order', [order('01')], true],
  ['an order after a rule', [order('02'), rule('01')], true],
  ['an order, and a rule after it', [order('01'), rule('02')], false],
  ['a person who only looked', [look('01')], false],
  ['an order, and a look after it', [order('01'), look('02')], false],
  ['a rule alone', [rule('01')], false],
  ['nothing', [], false],
])('%s', (_, detections, leave) => {
  expect(isAskedByHand(detections)).toBe(leave);
});
