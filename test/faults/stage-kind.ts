import { type Things, thingsOf } from '../support/oracle.ts';
import { createWholeWorld, type WholeWorld, type WholeWorldOptions } from '../support/whole-world.ts';
import { castOf, type Kind, worldOptionsOf } from './cast.ts';

/** How long a person looks at a question. */
const THINKS_MS = 60_000;

/**
 * A world with somebody or something of this kind in it, about which an event has just been sent, and in which a person
 * approves whatever is asked; and what there was before.
 */
export function stageKind(
  kind: Kind,
  options: Partial<Pick<WholeWorldOptions, 'crashes' | 'seed'>> = {},
  prepare: (world: WholeWorld) => void = () => undefined,
): { readonly world: WholeWorld; readonly before: Things } {
  const world = createWholeWorld({
    seed: 1,
    order: 'by-time',
    ...worldOptionsOf(kind),
    ...options,
    watch: ({ state, caseId }) => {
      if (state !== 'awaiting-approval') return;
      world.background(world.clock.sleep(THINKS_MS).then(() => world.order({ kind: 'approve', caseId })));
    },
  });
  const { event } = castOf(kind, world);
  const before = thingsOf(world.fake.account, world.resources, world.center);
  prepare(world);
  world.send(event);
  return { world, before };
}
