import { setTimeout as pause } from 'node:timers/promises';
import { ListAttachedUserPoliciesCommand } from '@aws-sdk/client-iam';
import type { Cast } from './cast.ts';

const EVERY_MS = 40;

/** Looks at the user's policies over and over, as an attacker who waits for the deny would, and keeps when it came. */
export function watchDeny({ iam, user }: Cast, quarantineArn: string) {
  let stopped = false;
  let seen: number | undefined;
  const watch = async (): Promise<void> => {
    while (!stopped && seen === undefined) {
      const { AttachedPolicies = [] } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: user }));
      if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === quarantineArn)) seen = Date.now();
      else await pause(EVERY_MS);
    }
  };
  // A failed look is no sight of the deny, which is all that is asked here; the attack meets the same fault and tells.
  const watching = watch().catch(() => {});
  return {
    /** Milliseconds since the epoch; undefined when it was never seen. */
    seenAt: () => seen,
    async stop(): Promise<void> {
      stopped = true;
      await watching;
    },
  };
}
