import type { IdentityCenterInstance } from '../identity-center/reach.ts';
import { reachSteps } from '../identity-center/reach-steps.ts';
import type { IdentityCenter } from '../ports/identity-center.ts';
import type { BeyondSubject } from './beyond/beyond.ts';
import { storable } from './storable.ts';

/** What a person does about a user of Identity Center, by a fresh read of what that user reaches. */
export type PersonSteps = (subject: BeyondSubject, now: Date) => Promise<readonly string[]>;

/**
 * With the real ids where they can be read. Where they cannot, the steps that name stand-ins, and why: the case is as
 * pressing then.
 */
export function createPersonSteps(identityCenter: IdentityCenter, instance: IdentityCenterInstance): PersonSteps {
  return async ({ person, humanSteps }, now) => {
    if (person === undefined) return humanSteps;
    const named = 'userId' in person ? person.userId : person.userName;
    try {
      const reach = await identityCenter.reachOf(person);
      if (reach === undefined) {
        return [`Identity Center knows nobody as ${named}: look at whoever bore that name before.`, ...humanSteps];
      }
      // What is issued while somebody types is cut off as well.
      const cutOff = new Date(Math.ceil((now.getTime() + TYPING_MS) / 1000) * 1000).toISOString().replace('.000', '');
      return reachSteps(instance, reach, cutOff).map((step) => storable(step, LONGEST));
    } catch (error) {
      const why = error instanceof Error ? error.name : 'unknown error';
      return [`What ${named} reaches could not be read from Identity Center (${why}).`, ...humanSteps];
    }
  };
}

const TYPING_MS = 10 * 60_000;
const LONGEST = 2_048;
