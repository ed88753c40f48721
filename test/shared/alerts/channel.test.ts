import { expect, it } from 'vitest';
import type { Alert } from '../../../shared/alerts/alert.ts';
import { channelOf } from '../../../shared/alerts/channel.ts';
import * as alerts from './alerts.ts';

it.each<[string, Alert, 'page' | 'information']>([
  ['a critical case that was contained', alerts.contained, 'page'],
  ['a plan in observe mode', alerts.planned, 'page'],
  ['a partial containment', alerts.partial, 'page'],
  ['a question for approval', alerts.awaitingApproval, 'page'],
  ['what passes by itself: containing', { ...alerts.planned, state: 'containing' }, 'information'],
  ['what passes by itself: releasing', { ...alerts.planned, state: 'releasing' }, 'information'],
  [
    'what came to light while access is being given back',
    { ...alerts.planned, state: 'releasing', releasedSince: { caseId: 'C-1', at: '2026-11-21T02:00:00.000Z' } },
    'page',
  ],
  ['a medium case', { ...alerts.contained, severity: 'medium' }, 'page'],
  ['a low case', { ...alerts.partial, severity: 'low' }, 'information'],
  ['an informational case', { ...alerts.partial, severity: 'informational' }, 'information'],
  ['a critical case that the breaker held back', alerts.refusedByBreaker, 'page'],
  ['a high case that the breaker held back', { ...alerts.refusedByBreaker, severity: 'high' }, 'information'],
  [
    'a high case that was refused for another reason',
    { ...alerts.refusedByBreaker, severity: 'high', outcome: { kind: 'refused', reason: 'protected', detail: '' } },
    'page',
  ],
])('%s goes to %3$s', (_, alert, channel) => {
  expect(channelOf(alert)).toBe(channel);
});
