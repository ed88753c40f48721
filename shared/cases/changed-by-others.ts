import type { Case, Detection } from './case.ts';
import { revertedBy } from './detection-of.ts';
import type { Residual } from './outcome.ts';

/** Who made the changes that were undone: undoing them takes nothing from whoever made them. */
export function changedByOthers({ subject, mode }: Case, detections: readonly Detection[]): readonly Residual[] {
  const own = subject.kind === 'user' ? subject.userName : undefined;
  const actors = new Set(revertedBy(detections, mode).map(({ actor }) => actor));
  if (own !== undefined) actors.delete(own);
  return [...actors].map((actor) => ({
    what: `${actor} made the change that was undone, and can make it again`,
    humanStep: `Find out whether ${actor} was meant to, and contain it if not.`,
  }));
}
