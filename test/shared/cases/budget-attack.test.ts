import { describe, expect, it } from 'vitest';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { ADMINISTRATOR_ARN, type FakeUser, QUARANTINE_ARN } from '../../support/fake-iam.ts';
import { createWholeWorld } from '../../support/whole-world.ts';

const SECOND = 1_000;

/** bob, contained, is made an administrator by an accomplice again and again: each time a rule makes a new plan due. */
async function attacked(attachments: number, strips: readonly number[]) {
  const world = createWholeWorld({
    seed: 1,
    order: 'by-time',
    rules: [rule({ id: 'stop' }), rule({ id: 'undo' })],
    answers: { stop: { playbook: 'contain', mode: 'enforce' }, undo: { playbook: 'revert', mode: 'enforce' } },
  });
  const bob: FakeUser = world.fake.createUser('bob', { accessKeys: new Map([['AKIABOB', 'Active']]) });
  const { userId, userName, arn } = bob;
  const attack = async () => {
    world.send(
      accessEvent({
        principal: userPrincipal({ userId, userName, arn, accessKeyId: 'AKIABOB' }),
        record: { holds: ['stop'] },
      }),
    );
    for (let n = 1; n <= attachments; n += 1) {
      await world.clock.sleep(2 * SECOND);
      const policyArn = `${ADMINISTRATOR_ARN}${n}`;
      world.send(
        accessEvent({
          eventId: `attach-${n}`,
          principal: userPrincipal({ userId: 'AIDAMALLORY', userName: 'mallory' }),
          record: { holds: ['undo'], requestParameters: { userName, policyArn }, responseElements: {} },
        }),
      );
    }
    for (const after of strips) {
      await world.clock.sleep(after);
      world.fake.perform('DetachUserPolicy', { UserName: userName, PolicyArn: QUARANTINE_ARN });
    }
  };
  world.background(attack());
  await world.timeline.run();
  return { world, bob };
}

describe('somebody who spends the budget of a contained subject', () => {
  it.each([1, 2, 3, 4, 6])(
    '%i times gains nothing by it: the deny that is taken off comes back',
    async (attachments) => {
      const { world, bob } = await attacked(attachments, [8 * SECOND]);
      expect(world.failures).toEqual([]);
      expect(bob.attached.has(QUARANTINE_ARN)).toBe(true);
      expect([...bob.accessKeys.values()]).toEqual(['Inactive']);
      const spent = Object.keys((await world.store.budget(`user:${bob.userId}`)).actions);
      expect(spent.length).toBeLessThanOrEqual(3);
      const [found] = await world.store.list();
      // What was not undone any more is told, and never called contained.
      if (attachments > 2) {
        expect(found?.outcome).toMatchObject({
          kind: 'partial',
          missing: expect.arrayContaining([expect.objectContaining({ item: 'what joined since' })]),
        });
        expect(world.sent.at(-1)?.state).toBe('needs-human');
      } else expect(found?.state).toBe('contained');
    },
  );
});
