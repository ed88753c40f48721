import { connect, type StackOptions } from '../stack/connect.ts';
import { stackFlags } from '../stack/options.ts';
import { CommandProblem } from '../stack/problem.ts';
import { sendOrder } from '../stack/send-order.ts';
import type { Door } from './door.ts';
import { followContainment } from './follow-containment.ts';
import { namePrincipal } from './name-principal.ts';

/** Orders go to the operate URL of the deployed stack; the case is followed in its tables. */
export async function stackDoor(options: StackOptions, written: string, tell: (line: string) => void): Promise<Door> {
  const connection = await connect(options);
  tell(`Acting on ${connection.where} as ${connection.caller}`);
  const named = await namePrincipal(connection.config, connection.account, written);
  return {
    store: connection.store,
    flag: stackFlags(options),
    close: () => {},
    async carry(order) {
      const answer = await sendOrder(connection, { ...order, ...named });
      if (answer.kind === 'refused') {
        tell(answer.why);
        return undefined;
      }
      tell(answer.text);
      const { caseId } = answer;
      if (caseId === undefined) {
        throw new CommandProblem('The operate function named no case: deploy this version first.');
      }
      return followContainment(connection.store, { caseId, enforce: order.enforce }, tell);
    },
  };
}
