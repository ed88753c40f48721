import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { CRASHES, type Crash } from '../../support/timeline.ts';
import { createWholeWorld, type WholeWorld, type WholeWorldOptions } from '../../support/whole-world.ts';

const RULES = [rule({ id: 'undo' }), rule({ id: 'tell', subject: 'resource' })];
const ANSWERS = {
  undo: { playbook: 'revert', mode: 'enforce' },
  tell: { playbook: 'alert', mode: 'enforce' },
} as const;
const TRAIL = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main';

function world(options: Partial<WholeWorldOptions> = {}): WholeWorld {
  return createWholeWorld({ seed: 1, order: 'by-time', rules: RULES, answers: ANSWERS, ...options });
}

/** mallory's calls, as CloudTrail tells them. */
function call(
  service: string,
  eventName: string,
  requestParameters: JsonObject,
  more: { eventId?: string; responseElements?: JsonObject; holds?: readonly string[]; resources?: JsonObject[] } = {},
) {
  const { eventId = `${eventName}-1`, responseElements = {}, holds = ['undo'], resources = [] } = more;
  return accessEvent({
    eventId,
    eventName,
    eventSource: `${service}.amazonaws.com`,
    region: 'eu-west-1',
    principal: userPrincipal({ userId: 'AIDAMALLORY', userName: 'mallory', accessKeyId: 'ASIAMALLORY' }),
    record: { requestParameters, responseElements, holds: [...holds], resources },
  });
}

async function release(it: WholeWorld, all: boolean): Promise<void> {
  const [found] = await it.store.list();
  it.order({ kind: 'release', caseId: String(found?.caseId), all });
  await it.timeline.run();
}

describe('a trail that a detected call stopped', () => {
  const stopped = (name = TRAIL, more: Parameters<typeof call>[3] = {}) =>
    call('cloudtrail', 'StopLogging', { name }, more);
  const withTrail = (options: Partial<WholeWorldOptions> = {}): WholeWorld => {
    const it = world(options);
    it.resources.trails.set(TRAIL, false);
    return it;
  };

  test.each([TRAIL, 'main'])('named %s logs again, by one call of revert, and the case is about it', async (name) => {
    const it = withTrail();
    it.send(stopped(name));
    await it.timeline.run();

    expect(it.failures).toEqual([]);
    expect(it.resources.trails.get(TRAIL)).toBe(true);
    expect(it.writes.map(({ operation, function: by }) => [operation, by.split(' ').at(-1)])).toEqual([
      ['StartLogging', 'revert'],
    ]);
    expect(it.unrecorded).toEqual([]);
    expect(await it.store.list()).toMatchObject([
      {
        subject: { kind: 'resource', key: `resource:${TRAIL}` },
        state: 'contained',
        outcome: {
          kind: 'contained',
          residual: [{ what: 'mallory made the change that was undone, and can make it again' }],
        },
      },
    ]);
    expect(it.sent.map(({ state }) => state)).toEqual(['containing', 'contained']);
  });

  test('is not stopped by a release, and is by a release of everything', async () => {
    const it = withTrail();
    it.send(stopped());
    await it.timeline.run();
    await release(it, false);
    expect(it.resources.trails.get(TRAIL)).toBe(true);
    expect(await it.store.list()).toMatchObject([
      { state: 'released', release: { withheld: [{ reason: 'it was changed by a call that was detected' }] } },
    ]);
    await release(it, true);
    expect(it.resources.trails.get(TRAIL)).toBe(false);
    expect(it.failures).toEqual([]);
  });

  test('that somebody started before Rescind is not stopped by any release', async () => {
    const it = withTrail();
    it.resources.trails.set(TRAIL, true);
    it.send(stopped());
    await it.timeline.run();
    expect(await it.store.list()).toMatchObject([{ state: 'contained' }]);
    await release(it, true);
    expect(it.resources.trails.get(TRAIL)).toBe(true);
  });

  test('is started once more by the same case when it is stopped while it is watched', async () => {
    const it = withTrail();
    it.background(it.clock.sleep(6_000).then(() => void it.resources.trails.set(TRAIL, false)));
    it.send(stopped());
    await it.timeline.run();
    expect(it.resources.trails.get(TRAIL)).toBe(true);
    expect(await it.store.ledger('C-1')).toMatchObject([{ reasserted: 1 }]);
    expect(await it.store.list()).toMatchObject([{ state: 'contained' }]);
  });

  test('and was deleted since is gone', async () => {
    const it = world();
    it.send(stopped());
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([{ state: 'released', outcome: { kind: 'gone' } }]);
  });

  test('in mode observe is planned and left alone', async () => {
    const it = withTrail({ answers: { undo: { playbook: 'revert', mode: 'observe' } } });
    it.send(stopped());
    await it.timeline.run();
    expect(it.resources.trails.get(TRAIL)).toBe(false);
    expect((await it.store.plan('C-1', 1))?.steps.map(({ title }) => title)).toEqual([
      'start trail main again, which a detected call stopped',
    ]);
  });

  test('that a rule told of before is started by the case that told of it', async () => {
    const it = withTrail();
    it.send(stopped(TRAIL, { eventId: 'told', holds: ['tell'], resources: [{ ARN: TRAIL }] }));
    await it.timeline.run();
    it.send(stopped(TRAIL, { eventId: 'undone' }));
    await it.timeline.run();
    expect(it.resources.trails.get(TRAIL)).toBe(true);
    expect(await it.store.list()).toMatchObject([{ caseId: 'C-1', state: 'contained' }]);
  });

  test.each([
    ['that was refused', { ...stopped(), errorCode: 'AccessDenied' }],
    ['about a trail of another account', stopped('arn:aws:cloudtrail:eu-west-1:444455556666:trail/main')],
    ['about what is no name of a trail', stopped('x;reboot')],
  ])('is left alone after a call %s, and a person is told', async (_, event) => {
    const it = withTrail();
    it.send(event);
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    expect(await it.store.list()).toMatchObject([{ state: 'needs-human', outcome: { kind: 'not-containable' } }]);
  });

  test.each([
    ['denied', 'AccessDenied'],
    ['unavailable', 'is not available'],
  ] as const)('whose state is %s to read is left alone, and a person is told how', async (fault, why) => {
    const it = withTrail();
    it.resources.failOn('GetTrailStatus', 1, fault, 1_000);
    it.send(stopped());
    await it.timeline.run();
    expect(it.writes).toEqual([]);
    const [found] = await it.store.list();
    expect(found).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(JSON.stringify(found?.outcome)).toContain(why);
    expect(JSON.stringify(found?.outcome)).toContain(`aws cloudtrail start-logging --name ${TRAIL}`);
  });

  test('logs again whichever call of a function is its last, and is stopped again by a release of everything', async () => {
    const straight = withTrail();
    straight.send(stopped());
    await straight.timeline.run();
    const calls = straight.timeline.calls();
    expect(calls).toBeGreaterThan(20);
    for (let at = 1; at <= calls; at += 1) {
      const how = CRASHES[at % CRASHES.length] ?? 'before';
      const it = withTrail({ crashes: new Map<number, Crash>([[at, how]]) });
      it.send(stopped());
      await it.timeline.run();
      const what = `${how} call ${at}`;
      expect([what, it.resources.trails.get(TRAIL), it.unrecorded]).toEqual([what, true, []]);
      expect([what, (await it.store.list()).map(({ state }) => state)]).toEqual([what, ['contained']]);
      await release(it, true);
      expect([what, it.resources.trails.get(TRAIL)]).toEqual([what, false]);
    }
  });
});
