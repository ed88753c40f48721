import type { Policy } from '../config/policy.ts';
import { createPeople } from '../identity-center/people.ts';
import type { IdentityCenterInstance } from '../identity-center/reach.ts';
import type { IdentityCenter, People } from '../ports/identity-center.ts';

/** Nothing where the policy does not let Rescind act there. */
export function peopleIn({ identityCenter, accounts }: Pick<Policy, 'identityCenter' | 'accounts'>): {
  readonly people?: People;
} {
  if (identityCenter?.contain !== true) return {};
  return { people: createPeople(identityCenterAt(identityCenter), identityCenter, accounts) };
}

/** Most cases ask nothing of Identity Center: its clients are made, and their code run, when one first does. */
export function identityCenterAt(instance: IdentityCenterInstance): IdentityCenter {
  const { region } = instance;
  let made: Promise<IdentityCenter> | undefined;
  const make = async (): Promise<IdentityCenter> => {
    const [{ SSOAdminClient }, { IdentitystoreClient }, { createIdentityCenter }] = await Promise.all([
      import('@aws-sdk/client-sso-admin'),
      import('@aws-sdk/client-identitystore'),
      import('./identity-center.ts'),
    ]);
    const clients = { admin: new SSOAdminClient({ region }), store: new IdentitystoreClient({ region }) };
    return createIdentityCenter(clients, instance);
  };
  return {
    async reachOf(person) {
      made ??= make();
      return (await made).reachOf(person);
    },
  };
}
