import type { Alert, AlertChannel } from './alert.ts';

/** The breaker pages once when it opens; each case that it then holds back is not a page of its own, save the gravest. */
function heldBackByBreaker({ outcome, severity }: Alert): boolean {
  return outcome?.kind === 'refused' && outcome.reason === 'breaker' && severity !== 'critical';
}

/** A person has just looked at it and said no: nobody else has to get up. */
function isRejection({ outcome }: Alert): boolean {
  return outcome?.kind === 'refused' && outcome.reason === 'rejected';
}

/**
 * Whether an alert wakes somebody. A state that passes by itself within a minute does not, nor does one in which nothing
 * is due any more, and neither do minor cases.
 */
export function channelOf(alert: Alert): AlertChannel {
  // What came to light while access was being given back passes with no state.
  const late = alert.releasedSince !== undefined;
  const passing = alert.state === 'containing' || (alert.state === 'releasing' && !late);
  const ended = alert.state === 'released' || alert.state === 'closed' || isRejection(alert);
  const minor = alert.severity === 'low' || alert.severity === 'informational';
  return passing || ended || minor || heldBackByBreaker(alert) ? 'information' : 'page';
}
