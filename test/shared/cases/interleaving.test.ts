import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessEvent } from '../../../shared/access/access-event.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld } from '../../support/case-world.ts';
import { markOf } from '../../support/standing.ts';

const RULES = [
  rule({ id: 'acts', level: 'medium' }),
  rule({ id: 'watches', level: 'critical' }),
  rule({ id: 'tells', level: 'low' }),
];
const ANSWERS = {
  acts: { playbook: 'contain', mode: 'enforce' },
  watches: { playbook: 'contain', mode: 'observe' },
  tells: { playbook: 'alert', mode: 'enforce' },
} as const;

const names = ['a', 'b'] as const;
type Sent = { readonly who: (typeof names)[number]; readonly id: number; readonly holds: readonly string[] };

/** The rules that hold for an event follow from its id: the same event holds the same rules whenever it comes. */
const HOLDS: readonly (readonly string[])[] = [
  ['tells'],
  ['watches'],
  ['watches', 'tells'],
  ['acts'],
  ['acts', 'watches', 'tells'],
];
const sent: fc.Arbitrary<Sent> = fc
  .record({ who: fc.constantFrom(...names), id: fc.nat({ max: 9 }) })
  .map(({ who, id }) => ({ who, id, holds: HOLDS[id % HOLDS.length] ?? [] }));

function eventOf({ who, id, holds }: Sent): AccessEvent {
  return accessEvent({
    eventId: `${who}-${id}`,
    principal: userPrincipal({ userId: `AIDA${who}`, userName: who, accessKeyId: 'ASIANEVERWITHHELD' }),
    record: { holds: [...holds] },
  });
}

/** What must be true whatever came in whatever order; the expectations are counted from what was sent. */
async function check(world: CaseWorld, stream: readonly Sent[]): Promise<void> {
  const cases = await world.store.list();
  for (const who of names) {
    const own = stream.filter((one) => one.who === who);
    const ofSubject = cases.filter(({ subject }) => subject.key === `user:AIDA${who}`);
    expect(ofSubject).toHaveLength(own.length === 0 ? 0 : 1);
    const [found] = ofSubject;
    if (found === undefined) continue;

    const held = new Set(own.flatMap(({ holds }) => holds));
    expect(new Set(found.ruleIds)).toEqual(held);
    expect(found.severity).toBe(held.has('watches') ? 'critical' : held.has('acts') ? 'medium' : 'low');
    // Only the rule in enforce may have acted; what a rule in observe asks for is planned at most.
    expect(found.state).toBe(held.has('acts') ? 'contained' : 'open');
    expect(world.denied.has(found.subject.key)).toBe(held.has('acts'));
    expect(found.actions).toHaveLength(held.has('acts') || held.has('watches') ? 4 : 0);

    for (const ruleId of ['acts', 'watches', 'tells']) {
      const ids = new Set(own.filter(({ holds }) => holds.includes(ruleId)).map(({ id }) => `${who}-${id}`));
      const mark = await markOf(world.store, found.subject.key, ruleId);
      expect([...(mark?.events ?? [])].sort()).toEqual([...ids].sort());
    }
    const told = await world.versionsTold(found.caseId);
    expect(told).toEqual(told.map((_, index) => index + 1));
    expect(found.version).toBe(told.length);
    const detections = await world.store.detections(found.caseId);
    expect(detections.map(({ ruleId }) => ruleId).sort()).toEqual([...held].sort());
  }
}

describe('any stream of events of a few people', () => {
  it('gives one case each, counts every event once and acts in no mode but its own, however it is interleaved', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { maxLength: 10 }), fc.scheduler(), async (stream, scheduler) => {
        let racing = true;
        const world = createCaseWorld({
          rules: RULES,
          answers: ANSWERS,
          around: async (call, run) => {
            if (racing) await scheduler.schedule(Promise.resolve(), call.name);
            return run();
          },
        });
        const all = Promise.all(stream.map((one) => world.evaluate(eventOf(one))));
        await scheduler.waitFor(all);
        racing = false;
        const started = [...world.flow.started];
        await world.executeAll({ twice: true });
        await check(world, stream);
        // The newest plan of every case was started, and none beyond it.
        for (const { caseId, planVersion } of await world.store.list()) {
          const versions = started.flatMap((input) =>
            input.kind === 'contain' && input.caseId === caseId ? [input.planVersion] : [],
          );
          expect(Math.max(...versions)).toBe(planVersion);
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('gives the same when it is sent again in another order, with executions in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(sent, { maxLength: 12 })
          .chain((stream) =>
            fc.tuple(fc.constant(stream), fc.shuffledSubarray([...stream, ...stream], { minLength: 0 })),
          ),
        fc.infiniteStream(fc.boolean()),
        async ([stream, again], runs) => {
          const world = createCaseWorld({ rules: RULES, answers: ANSWERS });
          for (const one of [...stream, ...again]) {
            await world.evaluate(eventOf(one));
            if (runs.next().value === true) await world.executeAll();
          }
          await world.executeAll();
          await check(world, stream);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);

  it('races with a release and wins: whoever acted last by a rule in enforce is contained', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        let racing = false;
        const world = createCaseWorld({
          around: async (call, run) => {
            if (racing) await scheduler.schedule(Promise.resolve(), call.name);
            return run();
          },
        });
        await world.evaluate(accessEvent());
        await world.executeAll();
        await world.order({ kind: 'release', caseId: 'C-1', all: true });
        const release = world.flow.started.shift();
        if (release === undefined) throw new Error('a release was started');

        racing = true;
        const both = Promise.all([world.execute(release), world.evaluate(accessEvent({ eventId: 'event-2' }))]);
        await scheduler.waitFor(both);
        racing = false;
        await world.executeAll();
        const holder = await openCaseOf(world.store, 'user:AIDAMALLORY');
        expect(holder?.state).toBe('contained');
        expect(world.denied.size).toBe(1);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
