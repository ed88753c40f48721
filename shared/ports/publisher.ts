import type { Alert } from '../alerts/alert.ts';

/** Sends an alert to the people it is for. Throws when it was not taken. */
export type Publisher = { publish(alert: Alert): Promise<void> };
