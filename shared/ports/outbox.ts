import type { Alert } from '../alerts/alert.ts';

/**
 * `first`: nothing of this version went out yet. `again`: an attempt was made whose answer was lost, so a
 * second copy with the same dedup id is due. `superseded`: a newer alert of the case went out. `delivered`: nothing is due.
 */
export type Claim = 'first' | 'again' | 'superseded' | 'delivered';

export type Outbox = {
  /** Before publishing: makes sure that an older alert never follows a newer one. */
  claim(alert: Alert): Promise<Claim>;
  /** After publishing, or instead of it. */
  settle(alert: Alert, result: { readonly deliveredAt: string } | { readonly superseded: true }): Promise<void>;
};
