import { systemClock } from '../../functions/system.ts';
import type { Case } from '../../shared/cases/case.ts';
import { type CaseOrder, operate } from '../../shared/cases/operate.ts';
import type { FlowInput } from '../../shared/ports/flow.ts';
import type { StackOptions } from '../stack/connect.ts';
import { connectDirect } from './connect-direct.ts';
import { directDeps } from './direct-deps.ts';
import { onInterrupt } from './on-interrupt.ts';
import { folderOfCase, openStore } from './open-store.ts';
import { runFlow } from './run-flow.ts';
import { tellingFaults } from './told-faults.ts';

/** Releases or closes a case of `contain --direct`. Undefined: it was refused, and that was told. */
export async function orderDirect(
  options: StackOptions,
  order: Extract<CaseOrder, { kind: 'release' | 'close' }>,
  tell: (line: string) => void,
): Promise<Case | undefined> {
  const { config, caller, partition, folder, where } = await connectDirect(options);
  tell(`Acting on ${where} as ${caller}, without a stack`);
  const { store, unlock } = await openStore(folder, await folderOfCase(folder, order.caseId));
  const listen = onInterrupt(() => 'Stopped in the middle. The same command goes on from here.');
  try {
    const due: FlowInput[] = [];
    const flow = {
      start: async (input: FlowInput) => {
        due.push(input);
      },
      answer: async () => 'gone' as const,
    };
    const answer = await operate({ store, flow, clock: systemClock }, order, caller);
    if (answer.kind === 'refused') {
      tell(answer.why);
      return undefined;
    }
    tell(answer.text);
    const deps = directDeps(config, store, partition);
    for (const input of due) await tellingFaults(() => runFlow(deps, input, tell));
    return await store.read(order.caseId);
  } finally {
    listen();
    unlock();
  }
}
