import type { Alert, AlertChannel } from './alert.ts';

/** The breaker pages once when it opens; each case that it then holds back is not a page of its own, save the gravest. */
function heldBackByBreaker({ outcome, severity }: Alert): boolean {
  return outcome?.kind === 'refused' && outcome.reason === 'breaker' && severity !== 'critical';
}

/** Whether an alert wakes somebody. A state that passes by itself within a minute does not, and neither do minor cases. */
export function channelOf(alert: Alert): AlertChannel {
  const passing = alert.state === 'containing' || alert.state === 'releasing';
  const minor = alert.severity === 'low' || alert.severity === 'informational';
  return passing || minor || heldBackByBreaker(alert) ? 'information' : 'page';
}
