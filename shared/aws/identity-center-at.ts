import type { IdentityCenterInstance } from '../identity-center/reach.ts';
import type { IdentityCenter } from '../ports/identity-center.ts';

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
