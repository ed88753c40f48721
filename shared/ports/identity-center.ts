import type { PersonNamed, PersonReach, PersonScope } from '../identity-center/reach.ts';

/** Reads alone: what is changed in Identity Center is changed as a resource. */
export type IdentityCenter = {
  /** `undefined`: nobody there bears the id or the name. Throws when it cannot be read. */
  reachOf(person: PersonNamed): Promise<PersonReach | undefined>;
};

/** Where Rescind may change something in Identity Center. */
export type People = {
  /** What of it Rescind changes as well, seen from the account that it runs in. Throws when it cannot be read. */
  reachOf(userId: string, account: string): Promise<PersonScope | undefined>;
};
