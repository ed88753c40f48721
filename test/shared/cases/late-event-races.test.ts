import { describe, expect, it } from 'vitest';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { createRandom } from '../../bench/traffic/random.ts';
import { witnessOf } from '../../faults/witness-of.ts';
import { accessEvent, rule, sessionPrincipal, userPrincipal } from '../../support/case-scene.ts';
import { QUARANTINE_ARN } from '../../support/fake-iam.ts';
import { createFakeIdentityCenter, EVE, EVES_ROLE } from '../../support/fake-identity-center.ts';
import { thingsOf, violationsOf } from '../../support/oracle.ts';
import { CRASHES, type Crash } from '../../support/timeline.ts';
import { createWholeWorld } from '../../support/whole-world.ts';

const MINUTE = 60_000;

describe('an event that comes after a release, with everything running', () => {
  const RULES = ['rule-a', 'rule-b', 'rule-c'].map((id) => rule({ id }));

  it('an event that is told hours late changes nothing in IAM, and one of after the release contains as ever', async () => {
    const world = createWholeWorld({ seed: 3, order: 'by-time', rules: RULES });
    const user = world.fake.createUser('mallory', { accessKeys: new Map([['AKIAMALLORY1', 'Active']]) });
    const { userId, userName, arn } = user;
    const principal = userPrincipal({ userId, userName, arn });
    const of = (holds: string, eventTime: string) => {
      world.send(accessEvent({ eventId: `${holds} ${eventTime}`, eventTime, principal, record: { holds: [holds] } }));
      return world.timeline.run();
    };
    const standing = () => [user.attached.has(QUARANTINE_ARN), user.accessKeys.get('AKIAMALLORY1')];
    await of('rule-a', '2026-11-21T02:00:00Z');
    expect(standing()).toEqual([true, 'Inactive']);
    world.order({ kind: 'release', caseId: 'C-1', all: true });
    await world.timeline.run();
    expect(standing()).toEqual([false, 'Active']);

    world.background(world.clock.sleep(3 * 60 * MINUTE));
    await world.timeline.run();
    const before = world.writes.length;
    await of('rule-b', '2026-11-21T01:40:00Z');
    expect(world.writes.length).toBe(before);
    expect(world.sent.at(-1)).toMatchObject({ state: 'awaiting-approval', releasedSince: { caseId: 'C-1' } });

    await of('rule-c', '2026-11-21T05:00:00Z');
    expect(standing()).toEqual([true, 'Inactive']);
    expect(world.sent.at(-1)).toMatchObject({ state: 'contained' });
    expect(world.sent.at(-1)?.releasedSince).toBeUndefined();
    expect([world.failures, world.unrecorded]).toEqual([[], []]);
  });

  it('a user of Identity Center who was released is not asked about as if an older call were news, by id or by name', async () => {
    const world = createWholeWorld({ seed: 3, order: 'by-time', rules: RULES, center: createFakeIdentityCenter });
    const of = (holds: string, eventTime: string, onBehalfOf?: string) => {
      const principal = sessionPrincipal(EVES_ROLE, {
        sessionName: 'eve@example.com',
        ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      });
      world.send(accessEvent({ eventId: `${holds} ${eventTime}`, eventTime, principal, record: { holds: [holds] } }));
      return world.timeline.run();
    };
    await of('rule-a', '2026-11-21T02:00:00Z', EVE);
    world.order({ kind: 'approve', caseId: 'C-1' });
    await world.timeline.run();
    world.order({ kind: 'release', caseId: 'C-1', all: true });
    await world.timeline.run();
    world.background(world.clock.sleep(3 * 60 * MINUTE));
    await world.timeline.run();
    const asked = async () => {
      const open = await openCaseOf(world.store, `idc:${EVE}`);
      return [open?.state, open?.mode, open?.releasedSince?.caseId];
    };
    await of('rule-b', '2026-11-21T01:40:00Z');
    expect(await asked()).toEqual(['awaiting-approval', 'approve', 'C-1']);
    await of('rule-c', '2026-11-21T01:41:00Z', EVE);
    expect(await asked()).toEqual(['awaiting-approval', 'approve', 'C-1']);
    await of('rule-c', '2026-11-21T05:00:00Z', EVE);
    expect(await asked()).toEqual(['awaiting-approval', 'enforce', undefined]);
    expect(world.failures).toEqual([]);
  });

  it('an event of before the release keeps nobody contained, in whatever order the calls go and whichever of them is lost', async () => {
    const states = new Set<string>();
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = createRandom(seed);
      const crashes = new Map<number, Crash>();
      for (let count = random.below(4); count > 0; count -= 1) crashes.set(1 + random.below(250), random.pick(CRASHES));
      const world = createWholeWorld({ seed, order: 'any-order', crashes, rules: RULES, settleSeconds: 1 });
      const user = world.fake.createUser('mallory', { accessKeys: new Map([['AKIAMALLORY1', 'Active']]) });
      const { userId, userName, arn } = user;
      const before = thingsOf(world.fake.account);
      const of = (holds: string, eventTime: string): void =>
        world.send(
          accessEvent({
            eventId: holds,
            eventTime,
            principal: userPrincipal({ userId, userName, arn }),
            record: { holds: [holds] },
          }),
        );
      of('rule-a', '2026-11-21T02:00:00Z');
      await world.timeline.run({ limit: 20_000 });
      world.order({ kind: 'release', caseId: 'C-1', all: true });
      const late = async (): Promise<void> => {
        await world.clock.sleep(random.below(12) * 500);
        of('rule-b', '2026-11-21T01:00:00Z');
      };
      world.background(late());
      await world.timeline.run({ limit: 20_000 });
      const at = `seed ${seed}`;
      expect([at, user.attached.has(QUARANTINE_ARN), user.accessKeys.get('AKIAMALLORY1')]).toEqual([
        at,
        false,
        'Active',
      ]);
      const cases = await world.store.list();
      states.add(cases.map(({ state }) => state).join());
      // Somebody was told of it, with its time: in the case that was being released, or by a question.
      const told = world.sent.filter(({ detections }) => detections.some(({ ruleId }) => ruleId === 'rule-b'));
      expect([at, told.length > 0]).toEqual([at, true]);
      // An execution that waits for an answer has not ended.
      for (const { caseId, state } of cases) {
        if (state === 'awaiting-approval') world.order({ kind: 'reject', caseId });
      }
      await world.timeline.run({ limit: 20_000 });
      const witness = await witnessOf(world, before, {
        sentEvents: 2,
        budget: { callsAThing: 12, subjects: 1 },
        mayRepeatAlerts: crashes.size > 0,
      });
      expect([at, ...world.failures, ...violationsOf(witness)]).toEqual([at]);
    }
    expect(states).toEqual(new Set(['released', 'released,awaiting-approval']));
  });
});
