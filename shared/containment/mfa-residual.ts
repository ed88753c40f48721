import type { Residual } from '../cases/outcome.ts';
import type { ActionId } from './action.ts';

/** What a user may go on doing of whom MFA is required, or why it is denied everything instead. */
export function residualOfMfa(actions: readonly ActionId[]): readonly Residual[] {
  if (actions.includes('quarantine')) {
    return [
      {
        what: 'MFA is not required of it: no device of it is known to be older than the first detection, or something else denies everything; so it is contained',
        humanStep: 'Give it a device once you have spoken to the person, and then release the case.',
      },
    ];
  }
  return [
    {
      what: 'whatever was opened with MFA within the last hour goes on until that hour is over',
      humanStep: 'If the device itself may be in wrong hands, contain the user: npx rescind contain PRINCIPAL',
    },
    {
      what: 'federated tokens of the user cannot bear MFA, and are denied as long as this stands',
      humanStep: 'Look whether something of yours works with GetFederationToken under its key.',
    },
  ];
}
