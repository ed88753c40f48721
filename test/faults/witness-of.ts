import type { CaseWitness, Things, Witness } from '../support/oracle.ts';
import type { WholeWorld } from '../support/whole-world.ts';

/** What the oracle must know of a world that has come to rest. */
export async function witnessOf(
  world: WholeWorld,
  before: Things,
  rest: Pick<Witness, 'sentEvents' | 'budget' | 'mayRepeatAlerts'> & Partial<Witness>,
): Promise<Witness> {
  const { store, fake, resources, center, sent, writes, unrecorded, lost, executions, results } = world;
  const cases = await Promise.all(
    (await store.list()).map(
      async (found): Promise<CaseWitness> => ({
        found,
        ledger: await store.ledger(found.caseId),
        outbox: await store.outbox(found.caseId),
      }),
    ),
  );
  return {
    before,
    account: fake.account,
    resources,
    center,
    cases,
    sent,
    writes,
    unrecorded,
    lost,
    executions,
    results,
    ...rest,
  };
}

/** Longer than a containment takes, whatever meets it, and shorter than a lock. */
const REST_MS = 30 * 60_000;

/** Lets time pass until whatever was begun stands, and only the end of a lock is waited for. */
export async function untilItStands({ background, clock, timeline }: WholeWorld): Promise<void> {
  let stands = false;
  background(
    clock.sleep(REST_MS).then(() => {
      stands = true;
    }),
  );
  await timeline.run({ until: () => stands });
}
