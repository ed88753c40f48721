import { expect, test } from 'vitest';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { createWholeWorld } from '../../support/whole-world.ts';

test.each([
  ['attached', {}, [undefined, undefined]],
  ['inline, and tagged', { attachQuota: 0 }, ['by Rescind', undefined]],
] as const)(
  'a lock whose deny is %s is grade A under the guard of the organisation, and B once only old tokens are denied, which the guard does not keep',
  async (_, options, tags) => {
    const world = createWholeWorld({
      seed: 1,
      order: 'by-time',
      guarded: true,
      ...options,
      rules: [rule({ id: 'lock' })],
      answers: { lock: { playbook: 'lock', mode: 'enforce', forSeconds: 3_600 } },
    });
    const alice = world.fake.createUser('alice', { accessKeys: new Map([['AKIAALICE', 'Active']]) });
    const { userId, userName, arn } = alice;
    world.send(accessEvent({ principal: userPrincipal({ userId, userName, arn }), record: { holds: ['lock'] } }));

    const held: (string | undefined)[] = [];
    for (const hours of [0.5, 1.5]) {
      let isOver = false;
      world.background(
        world.clock.sleep(hours * 3_600_000).then(() => {
          isOver = true;
        }),
      );
      await world.timeline.run({ until: () => isOver });
      held.push(alice.held);
    }
    await world.timeline.run();
    expect(world.failures).toEqual([]);
    expect(held).toEqual(tags);
    const told = (await world.store.outbox('C-1')).map(({ alert: { state, outcome, steps } }) => [
      state,
      outcome?.kind === 'contained' ? outcome.grade : undefined,
      steps.length > 0,
    ]);
    expect(told).toEqual([
      ['containing', undefined, true],
      ['contained', 'A', true],
      // The end has begun, and nothing is off yet.
      ['releasing', 'A', false],
      ['releasing', 'B', true],
      ['released', 'B', true],
    ]);
  },
);
