import type { PersonNamed, PersonReach } from '../identity-center/reach.ts';

/** Reads alone: what is changed in Identity Center, a person changes. */
export type IdentityCenter = {
  /** `undefined`: nobody there bears the id or the name. Throws when it cannot be read. */
  reachOf(person: PersonNamed): Promise<PersonReach | undefined>;
};
