import type { Shortfall } from '../cases/outcome.ts';
import type { ActionId, LiveState } from './action.ts';
import type { Chain } from './chain.ts';
import type { Credential, Read } from './snapshot.ts';

/** Active credentials that no step covers: made after the containment read the list, perhaps by whom it contains. */
export function newCredentials(
  live: LiveState,
  actions: readonly ActionId[],
  chains: readonly Chain[],
): readonly Shortfall[] {
  if (live.kind !== 'user') return [];
  const covered = new Set(chains.map(({ stepKey }) => stepKey));
  const unknown = (action: ActionId, noun: string, list: Read<readonly Credential[]> | undefined) =>
    actions.includes(action) && list?.kind === 'read'
      ? list.value
          .filter(({ id, status }) => status === 'Active' && !covered.has(`${action}#${id}`))
          .map(({ id }) => ({ item: `${noun} ${id}`, reason: 'active, and made after the containment began' }))
      : [];
  return [
    ...unknown('deactivate-keys', 'access key', live.accessKeys),
    ...unknown('deactivate-other-credentials', 'service-specific credential', live.serviceCredentials),
    ...unknown('deactivate-other-credentials', 'SSH key', live.sshKeys),
    ...unknown('deactivate-other-credentials', 'signing certificate', live.certificates),
  ];
}
