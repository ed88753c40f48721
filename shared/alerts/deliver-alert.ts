import { assertNever } from '../json.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { Alert } from './alert.ts';

export type Delivery = 'published' | 'superseded' | 'delivered before';

/**
 * One change of state, one message. It is settled only after it was taken, so a crash in between sends a
 * second copy with the same dedup id rather than none; and an older one never follows a newer.
 */
export async function deliverAlert(
  deps: { readonly outbox: Outbox; readonly publisher: Publisher; readonly clock: Pick<Clock, 'now'> },
  alert: Alert,
): Promise<Delivery> {
  const claim = await deps.outbox.claim(alert);
  switch (claim) {
    case 'first':
    case 'again':
      await deps.publisher.publish(alert);
      await deps.outbox.settle(alert, { deliveredAt: deps.clock.now().toISOString() });
      return 'published';
    case 'superseded':
      await deps.outbox.settle(alert, { superseded: true });
      return 'superseded';
    case 'delivered':
      return 'delivered before';
    default:
      return assertNever(claim);
  }
}
