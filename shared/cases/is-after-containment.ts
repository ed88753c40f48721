import type { Case } from './case.ts';

/** Whether a call was made after the case was told as contained. Records tell whole seconds, so one of the same second proves nothing. */
export function isAfterContainment(
  open: Case | undefined,
  { eventTime }: { readonly eventTime: string },
): open is Case {
  return (
    open?.state === 'contained' &&
    open.containedAt !== undefined &&
    Date.parse(eventTime) > Date.parse(open.containedAt)
  );
}
