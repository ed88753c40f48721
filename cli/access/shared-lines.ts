import type { Followed } from '../../shared/access/follow-sessions.ts';
import { printable } from '../../shared/page/printable.ts';

/** Whoever chooses the name of a session can choose somebody else's: what then cannot be told apart is said. */
export function sharedLines({ sessions }: Pick<Followed, 'sessions'>): readonly string[] {
  return sessions.flatMap(({ accessKeyId, who, shared }) =>
    shared === true
      ? [
          `Calls of ${printable(who)} with ${printable(accessKeyId)} may be somebody else's, who opened a session of the same name in the same second: npx rescind session ${printable(accessKeyId)}`,
        ]
      : [],
  );
}
