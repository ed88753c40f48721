import { type Difference, differences, type PrincipalState } from '../principal-state.ts';
import { readRole, readUser } from '../read-principal.ts';
import type { Cast } from './cast.ts';

/** The three principals that the attack touches, each as IAM tells it. */
export type Snapshots = {
  readonly user: PrincipalState;
  readonly administrator: PrincipalState;
  readonly role: PrincipalState;
};

export async function readAll({ iam, user, administrator, role }: Cast): Promise<Snapshots> {
  const [userState, administratorState, roleState] = await Promise.all([
    readUser(iam, user),
    readUser(iam, administrator),
    readRole(iam, role),
  ]);
  return { user: userState, administrator: administratorState, role: roleState };
}

/**
 * Reads each principal after the attacker's call that concerns it and before the record of that call is on the bus: the
 * attack's own effect is in, and Rescind cannot have done anything to it yet.
 */
export function readBeforeRecords({ iam, user, administrator, role }: Cast) {
  let users: PrincipalState | undefined;
  let administrators: PrincipalState | undefined;
  let roles: PrincipalState | undefined;
  return {
    async beforeRecord(eventName: string): Promise<void> {
      if (eventName === 'AttachUserPolicy') users = await readUser(iam, user);
      if (eventName === 'CreateAccessKey') administrators = await readUser(iam, administrator);
      if (eventName === 'StopLogging') roles = await readRole(iam, role);
    },
    taken(): Snapshots {
      if (users === undefined || administrators === undefined || roles === undefined) {
        throw new Error('The attack ended before everybody was read.');
      }
      return { user: users, administrator: administrators, role: roles };
    },
  };
}

/** With the names of the play: `dana: access key AKIA…`. */
export function changesBetween(cast: Cast, before: Snapshots, after: Snapshots): readonly Difference[] {
  const of = (name: string, was: PrincipalState, is: PrincipalState): readonly Difference[] =>
    differences(was, is).map((each) => ({ ...each, fact: `${name}: ${each.fact}` }));
  return [
    ...of(cast.user, before.user, after.user),
    ...of(cast.administrator, before.administrator, after.administrator),
    ...of(cast.role, before.role, after.role),
  ];
}

export function countFacts({ user, administrator, role }: Snapshots): number {
  return user.facts.size + administrator.facts.size + role.facts.size;
}
