import { randomUUID } from 'node:crypto';
import { IAMClient } from '@aws-sdk/client-iam';
import { newCaseId, systemClock } from '../../functions/system.ts';
import { createPrincipalLookup } from '../../shared/aws/principal-lookup.ts';
import { containByHand } from '../../shared/cases/contain-by-hand.ts';
import { subjectOfNamed } from '../../shared/cases/named-principal.ts';
import type { Door } from '../contain/door.ts';
import { namePrincipal } from '../contain/name-principal.ts';
import type { StackOptions } from '../stack/connect.ts';
import { CommandProblem } from '../stack/problem.ts';
import { connectDirect, refuseBesideStack } from './connect-direct.ts';
import { directDeps } from './direct-deps.ts';
import { subjectFolder } from './direct-folder.ts';
import { onInterrupt } from './on-interrupt.ts';
import { openStore } from './open-store.ts';
import { runFlow } from './run-flow.ts';
import { stateFileIn } from './state-file.ts';
import { tellingFaults } from './told-faults.ts';

/** Orders are carried out by this process, with the caller's own credentials and a file as the ledger. */
export async function directDoor(
  options: StackOptions & { readonly resetConsole?: true },
  written: string,
  tell: (line: string) => void,
): Promise<Door> {
  const connection = await connectDirect(options);
  const { config, account, caller, region, partition, folder } = connection;
  tell(`Acting on ${connection.where} as ${caller}, without a stack`);
  await refuseBesideStack(connection, options.stack, tell);
  const named = await namePrincipal(config, account, written);
  const lookup = createPrincipalLookup(new IAMClient(config));
  const whom = await tellingFaults(() => subjectOfNamed(named.principal, lookup));
  if (whom.kind === 'nobody') throw new CommandProblem(whom.why);
  if (options.resetConsole === true && whom.subject.kind !== 'user') {
    throw new CommandProblem('Only an IAM user has a console password of IAM: leave --reset-console out.', 2);
  }
  const own = subjectFolder(folder, whom.subject.key);
  const { store, unlock } = await openStore(folder, own);
  tell(
    `The case and its ledger lie in ${stateFileIn(own)}. The code on them shows accidents only: its key lies beside it.`,
  );
  const listen = onInterrupt(
    () =>
      `Stopped in the middle. The same command goes on from here; "npx rescind cases --direct" names the case to release.`,
  );
  const deps = directDeps(config, store, partition);
  return {
    store,
    flag: ' --direct',
    close: () => {
      listen();
      unlock();
    },
    async carry(order) {
      const answer = await tellingFaults(() =>
        containByHand(
          {
            store,
            // Run below, once the order is taken.
            flow: { start: async () => {}, answer: async () => 'gone' },
            clock: systemClock,
            lookup,
            newCaseId,
            newOrderId: randomUUID,
            region,
            ...(options.resetConsole === true ? { adds: ['reset-console'] as const } : {}),
          },
          { ...order, ...named },
          caller,
        ),
      );
      if (answer.kind === 'refused') {
        tell(answer.why);
        return undefined;
      }
      tell(answer.text);
      const { caseId } = answer;
      const found = caseId === undefined ? undefined : await store.read(caseId);
      if (found === undefined) throw new CommandProblem('The order named no case.');
      // Also where nothing new was asked for: what a command that was stopped has left undone is done now.
      if (order.enforce || found.mode === 'observe') {
        const input = { kind: 'contain', caseId: found.caseId, planVersion: found.planVersion } as const;
        await tellingFaults(() => runFlow(deps, input, tell));
      }
      return (await store.read(found.caseId)) ?? found;
    },
  };
}
