import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessEvent } from '../../../shared/access/access-event.ts';
import { channelOf } from '../../../shared/alerts/channel.ts';
import { renderText } from '../../../shared/alerts/render-text.ts';
import type { Verdict } from '../../../shared/cases/case.ts';
import { evaluateRecord } from '../../../shared/cases/evaluate-record.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import type { Answer } from '../../../shared/config/response.ts';
import { accessEvent, denyEntry, mallory, rule, sessionPrincipal } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld, type WorldOptions } from '../../support/case-world.ts';
import { lastReleaseOf, markOf } from '../../support/standing.ts';

const CONTAIN: Answer = { playbook: 'contain', mode: 'enforce' };
const MINUTE = 60_000;

/** The clock of a world begins at 02:00:02. Rule A is what every case begins with. */
function worldOf(answers: Readonly<Record<string, Answer>> = {}, of: WorldOptions = {}): CaseWorld {
  return createCaseWorld({ rules: ['rule-a', 'rule-b', 'rule-c'].map((id) => rule({ id })), answers, ...of });
}

/** Of 01:00, an hour before anything was known of mallory. */
const old = (ruleId = 'rule-b', of: Partial<AccessEvent> = {}) =>
  accessEvent({ eventId: `old ${ruleId}`, eventTime: '2026-11-21T01:00:00Z', record: { holds: [ruleId] }, ...of });

const justNow = (world: CaseWorld, ruleId = 'rule-b', of: Partial<AccessEvent> = {}) =>
  accessEvent({
    eventId: `new ${ruleId}`,
    eventTime: `${world.clock.now().toISOString().slice(0, 19)}Z`,
    record: { holds: [ruleId] },
    ...of,
  });

async function judged(world: CaseWorld, event: AccessEvent, of: { readonly reconciled?: boolean } = {}) {
  const { results } = await world.evaluate(event, of);
  await world.executeAll();
  return results;
}

async function contained(world: CaseWorld): Promise<CaseWorld> {
  await judged(world, accessEvent({ record: { holds: ['rule-a'] } }));
  expect((await world.stateOf()).state).toBe('contained');
  world.clock.advance(30 * MINUTE);
  return world;
}

const release = { kind: 'release', caseId: 'C-1', all: false } as const;

/** Contained by rule A, released at 02:30:02, and half an hour has passed since. */
async function released(world: CaseWorld = worldOf()): Promise<CaseWorld> {
  await contained(world);
  expect(await world.order(release)).toMatchObject({ kind: 'accepted' });
  await world.executeAll();
  expect((await world.stateOf()).state).toBe('released');
  expect(world.denied).toEqual(new Set());
  world.clock.advance(30 * MINUTE);
  return world;
}

const RELEASED_AT = '2026-11-21T02:30:02.000Z';

describe('an event of before the release that comes after it', () => {
  it('takes nothing by itself, and asks a person with a sentence that says why', async () => {
    const world = await released();
    expect(await judged(world, old())).toEqual([{ kind: 'detected', ruleId: 'rule-b', caseId: 'C-2', planDue: 1 }]);
    expect(world.denied).toEqual(new Set());
    expect(await world.stateOf('C-2')).toMatchObject({ state: 'awaiting-approval', mode: 'approve' });
    const [asked] = (await world.store.outbox('C-2')).map(({ alert }) => alert);
    if (asked === undefined) throw new Error('Nobody was asked');
    expect(asked.releasedSince).toEqual({ caseId: 'C-1', at: RELEASED_AT });
    expect(channelOf(asked)).toBe('page');
    const text = renderText(asked, 'UTC');
    expect(text).toContain('happened before 2026-11-21 02:30:02 UTC, when a person let the subject go (case C-1).');
    expect(text).toContain('2026-11-21 01:00:00 UTC, before the subject was let go at 2026-11-21 02:30:02 UTC');
  });

  it('is contained once a person approves it, and is no longer told as late', async () => {
    const world = await released();
    await judged(world, old());
    expect(await world.order({ kind: 'approve', caseId: 'C-2' })).toMatchObject({ kind: 'accepted' });
    await world.carryOut({ caseId: 'C-2', planVersion: 1 });
    expect(world.denied).toEqual(new Set([mallory.key]));
    const found = await world.stateOf('C-2');
    expect([found.state, found.releasedSince]).toEqual(['contained', undefined]);
  });

  it('is one case and one question, be it one rule or two, once or twenty times', async () => {
    const world = await released();
    for (let time = 1; time <= 20; time += 1) {
      await judged(world, old());
      await judged(world, old('rule-b', { eventId: `another ${time}` }));
      await judged(world, old('rule-c'));
    }
    expect(await world.store.list()).toHaveLength(2);
    expect(await world.told('C-2')).toEqual(['awaiting-approval']);
    expect(world.denied).toEqual(new Set());
  });

  it('of the rule that the released case knew asks as well: it is not the event that a person looked at', async () => {
    const world = await released();
    await judged(world, old('rule-a'));
    expect(await world.stateOf('C-2')).toMatchObject({ state: 'awaiting-approval', mode: 'approve' });
    // The very event is known.
    expect(await judged(world, accessEvent({ record: { holds: ['rule-a'] } }))).toEqual([
      { kind: 'duplicate', ruleId: 'rule-a', caseId: 'C-2' },
    ]);
  });

  it.each([
    ['observe', 'open'],
    ['approve', 'awaiting-approval'],
  ] as const)('acts in no higher mode than its own: %s', async (mode, state) => {
    const world = await released(worldOf({ 'rule-b': { playbook: 'contain', mode } }));
    await judged(world, old());
    expect(await world.stateOf('C-2')).toMatchObject({ mode, state });
    expect(await world.told('C-2')).toEqual([state]);
  });

  it('that a rule only tells of is told', async () => {
    const world = await released(worldOf({ 'rule-b': { playbook: 'alert', mode: 'enforce' } }));
    await judged(world, old());
    expect(await world.told('C-2')).toEqual(['open']);
  });

  it('takes nothing when it is found by the reconciler', async () => {
    const world = await released();
    await judged(world, old(), { reconciled: true });
    expect(await world.stateOf('C-2')).toMatchObject({ state: 'awaiting-approval', mode: 'approve' });
    expect(world.denied).toEqual(new Set());
  });

  it.each<[string, Answer]>([
    ['asks to act', CONTAIN],
    ['only tells', { playbook: 'alert', mode: 'observe' }],
  ])('takes nothing when it comes twice after a release that could not give all back, and %s', async (_, answer) => {
    const world = await contained(worldOf({ 'rule-b': answer }));
    world.fates.lost = denyEntry.key;
    await world.order(release);
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('needs-human');
    expect(await judged(world, old())).toMatchObject([{ kind: 'detected', caseId: 'C-1' }]);
    expect(await judged(world, old())).toMatchObject([{ kind: 'duplicate', caseId: 'C-1' }]);
    expect(world.denied).toEqual(new Set());
    // What happened after it acts, and is started again should its caller have died before it started anything.
    const { results } = await world.evaluate(justNow(world, 'rule-c'));
    expect(results).toMatchObject([{ kind: 'detected', caseId: 'C-1' }]);
    world.flow.started.length = 0;
    expect(await judged(world, justNow(world, 'rule-c'))).toMatchObject([{ kind: 'duplicate' }]);
    expect(world.denied).toEqual(new Set([mallory.key]));
  });

  it('is decided again when a person releases just while it is judged', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const world = await contained(
      worldOf(
        {},
        {
          // From its order to its end between the reads of the last release and of the open case.
          around: async (call, run) => {
            const order = call.name === 'read' ? meanwhile : undefined;
            meanwhile = call.name === 'read' ? undefined : meanwhile;
            await order?.();
            return run();
          },
        },
      ),
    );
    meanwhile = async () => {
      await world.order(release);
      await world.executeAll();
    };
    await judged(world, old());
    expect(meanwhile).toBeUndefined();
    expect(world.denied).toEqual(new Set());
    expect(await openCaseOf(world.store, mallory.key)).toMatchObject({ state: 'awaiting-approval', mode: 'approve' });
  });
});

describe('a call that failed before the release, told after it', () => {
  const denied = (eventId: string, of: Partial<AccessEvent> = {}) =>
    old('rule-a', { eventId, eventTime: '2026-11-21T02:29:00Z', errorCode: 'AccessDenied', ...of });

  it('is kept with the released case where that knew its rule, and asks nobody', async () => {
    const world = await released();
    const told = await world.told();
    expect(await judged(world, denied('one'))).toEqual([{ kind: 'detected', ruleId: 'rule-a', caseId: 'C-1' }]);
    expect(await judged(world, denied('two'))).toEqual([{ kind: 'counted', ruleId: 'rule-a', caseId: 'C-1' }]);
    expect(await judged(world, denied('one'))).toEqual([{ kind: 'duplicate', ruleId: 'rule-a', caseId: 'C-1' }]);
    expect(await judged(world, denied('two'), { reconciled: true })).toMatchObject([{ kind: 'duplicate' }]);
    expect((await world.store.detections('C-1')).map(({ eventId }) => eventId)).toEqual(['event-1', 'one']);
    expect(await world.store.list()).toHaveLength(1);
    expect(await world.told()).toEqual(told);
    expect((await world.stateOf()).state).toBe('released');
  });

  it('touches the table of the cases once, however many there are', async () => {
    const world = await released();
    await judged(world, denied('first'));
    const { revision } = await world.stateOf();
    for (let one = 1; one <= 120; one += 1) await judged(world, denied(`more ${one}`));
    expect((await world.stateOf()).revision).toBe(revision);
    expect((await markOf(world.store, mallory.key, 'rule-a'))?.events).toHaveLength(100);
  });

  it('makes no duplicate of a call of after the release, however many there were, be it found by the reconciler', async () => {
    const world = await released();
    for (let one = 1; one <= 100; one += 1) await judged(world, denied(`late ${one}`));
    const next = await judged(world, justNow(world, 'rule-a'), { reconciled: true });
    expect(next).toMatchObject([{ kind: 'detected', caseId: 'C-2' }]);
    expect(world.denied).toEqual(new Set([mallory.key]));
  });

  it('spares nobody who goes on: the next call of the same rule acts, be it one that fails', async () => {
    for (const of of [{}, { errorCode: 'AccessDenied' }]) {
      const world = await released();
      await judged(world, denied('one'));
      await judged(world, justNow(world, 'rule-a', of));
      expect(world.denied).toEqual(new Set([mallory.key]));
      expect((await openCaseOf(world.store, mallory.key))?.caseId).toBe('C-2');
    }
  });

  it('does not count what goes on as more of the same, whatever the mode', async () => {
    const world = worldOf({ 'rule-a': { playbook: 'contain', mode: 'observe' } });
    await judged(world, accessEvent({ record: { holds: ['rule-a'] } }));
    world.clock.advance(30 * MINUTE);
    await world.order({ kind: 'close', caseId: 'C-1', verdict: 'false-positive' });
    expect(await judged(world, denied('one'))).toMatchObject([{ kind: 'detected', caseId: 'C-1' }]);
    world.clock.advance(MINUTE);
    expect(await judged(world, justNow(world, 'rule-a'))).toMatchObject([{ kind: 'detected', caseId: 'C-2' }]);
    expect(await world.told('C-2')).toEqual(['open']);
  });

  it('lets the case be closed and given back whole as before', async () => {
    const world = await released();
    await judged(world, denied('one'));
    expect(await world.order({ ...release, all: true })).toMatchObject({ kind: 'accepted' });
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('released');
    expect(await world.order({ kind: 'close', caseId: 'C-1', verdict: 'benign' })).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['of a rule that the case did not know', old('rule-b', { errorCode: 'AccessDenied' })],
    ['that went through', old('rule-a')],
  ])('asks where it is one %s', async (_, event) => {
    const world = await released();
    await judged(world, event);
    expect(await world.stateOf('C-2')).toMatchObject({ state: 'awaiting-approval' });
  });

  it('joins the case that is open by then like any other', async () => {
    const world = await released();
    await judged(world, justNow(world));
    await judged(world, denied('one'));
    expect((await world.store.detections('C-2')).map(({ ruleId }) => ruleId)).toEqual(['rule-a', 'rule-b']);
  });

  it('stands in what the release tells, while access is being given back', async () => {
    const world = await contained(worldOf());
    await world.order(release);
    await world.evaluate(denied('one'));
    await world.executeAll();
    expect(await world.told()).toEqual(['containing', 'contained', 'releasing', 'released']);
    const [last] = (await world.store.outbox('C-1')).map(({ alert }) => alert).slice(-1);
    expect(last?.detections.map(({ eventId }) => eventId)).toContain('one');
  });
});

describe('an event of after the release', () => {
  it('acts as always', async () => {
    const world = await released();
    await judged(world, justNow(world));
    expect(world.denied).toEqual(new Set([mallory.key]));
    expect(await world.stateOf('C-2')).toMatchObject({ state: 'contained', mode: 'enforce' });
    expect((await world.store.outbox('C-2')).map(({ alert }) => alert.releasedSince)).toEqual([undefined, undefined]);
  });

  it('acts though its clock is nine minutes slow', async () => {
    const world = await released();
    await judged(world, old('rule-b', { eventTime: '2026-11-21T02:21:03Z' }));
    expect(world.denied).toEqual(new Set([mallory.key]));
  });

  it('that took nothing, told with a slow clock, asks; the next one that does acts', async () => {
    const world = await released();
    await judged(world, old('rule-b', { eventTime: '2026-11-21T02:21:03Z', errorCode: 'AccessDenied' }));
    expect(world.denied).toEqual(new Set());
    await judged(world, old('rule-b', { eventId: 'next', eventTime: '2026-11-21T02:21:04Z' }));
    expect(world.denied).toEqual(new Set([mallory.key]));
  });

  it('acts while a person is asked about an older one, which is not done with it', async () => {
    const world = await released(worldOf({ 'rule-b': { playbook: 'lock', mode: 'enforce', forSeconds: 3600 } }));
    await judged(world, old());
    await judged(world, justNow(world, 'rule-c'));
    expect(world.denied).toEqual(new Set([mallory.key]));
    const found = await world.stateOf('C-2');
    expect(found).toMatchObject({ state: 'contained', mode: 'enforce' });
    expect(found.actions).not.toContain('cut-off-tokens');
    expect(found.releasedSince).toBeUndefined();
    expect((await world.store.holds(mallory.key)).map(({ ruleId }) => ruleId)).toEqual(['rule-c']);
  });

  it('of the same rule acts while a person is asked about an older one', async () => {
    const world = await released();
    await judged(world, old());
    await judged(world, justNow(world));
    expect(world.denied).toEqual(new Set([mallory.key]));
  });

  it('of a rule in mode approve asks anew, so that nobody answers for old events alone', async () => {
    const world = await released(worldOf({ 'rule-b': { playbook: 'contain', mode: 'approve' } }));
    await judged(world, old());
    await judged(world, justNow(world));
    await judged(world, justNow(world, 'rule-b', { eventId: 'one more' }));
    expect(await world.told('C-2')).toEqual(['awaiting-approval', 'awaiting-approval']);
    const asked = (await world.store.outbox('C-2')).map(({ alert }) => alert.releasedSince?.caseId);
    expect(asked).toEqual(['C-1', undefined]);
  });

  it('asks anew even where a person has said no to the older ones', async () => {
    const world = await released(worldOf({ 'rule-b': { playbook: 'contain', mode: 'approve' } }));
    await judged(world, old());
    await world.order({ kind: 'reject', caseId: 'C-2' });
    await judged(world, justNow(world));
    expect(await world.told('C-2')).toEqual(['awaiting-approval', 'needs-human', 'awaiting-approval']);
  });

  it.each([
    ['acts where a late event completes what went on after the release', '2026-11-21T03:00:00.000Z', 'contained'],
    ['asks where all of it is older', '2026-11-21T01:20:00.000Z', 'awaiting-approval'],
  ])('of a correlation %s', async (_, newest, state) => {
    const world = await released();
    const correlationsThatHold = async () => [{ rule: rule({ id: 'rule-c' }), newest }];
    // Some rule has to be met for a correlation to be asked.
    const rulesThatHold = () => ({ hits: [], matches: [rule()], suppressed: [], undecided: [], faults: [] });
    await evaluateRecord({ ...world.evaluateDeps, rulesThatHold, correlationsThatHold }, old());
    await world.executeAll();
    expect((await world.stateOf('C-2')).state).toBe(state);
  });

  it('that a rule only tells of leaves the question about the older one what it is', async () => {
    const world = await released(worldOf({ 'rule-c': { playbook: 'alert', mode: 'enforce' } }));
    await judged(world, old());
    await judged(world, justNow(world, 'rule-c'));
    await judged(world, justNow(world, 'rule-c', { eventId: 'one more' }));
    expect(await world.told('C-2')).toEqual(['awaiting-approval']);
    expect((await world.stateOf('C-2')).releasedSince?.caseId).toBe('C-1');
  });

  it('that the reconciler finds is no duplicate, however full the mark of its rule was', async () => {
    const world = worldOf();
    await judged(world, accessEvent({ record: { holds: ['rule-a'] } }));
    for (let one = 2; one <= 120; one += 1) {
      await world.evaluate(accessEvent({ eventId: `event-${one}`, record: { holds: ['rule-a'] } }));
    }
    world.clock.advance(30 * MINUTE);
    await world.order(release);
    await world.executeAll();
    world.clock.advance(MINUTE);
    const again = accessEvent({ eventId: 'event-119', record: { holds: ['rule-a'] } });
    expect(await judged(world, again, { reconciled: true })).toEqual([{ kind: 'duplicate', ruleId: 'rule-a' }]);
    await judged(world, justNow(world, 'rule-a'), { reconciled: true });
    expect(world.denied).toEqual(new Set([mallory.key]));
  });
});

describe('what came too late while access is being given back', () => {
  it('is told at once, and stops no release', async () => {
    const world = await contained(worldOf());
    await world.order(release);
    await world.evaluate(old());
    expect(await world.told()).toEqual(['containing', 'contained', 'releasing', 'releasing']);
    const alert = (await world.store.outbox('C-1')).at(-1)?.alert;
    expect(alert?.releasedSince?.caseId).toBe('C-1');
    expect(alert === undefined ? undefined : channelOf(alert)).toBe('page');
    expect(alert?.detections.map(({ ruleId }) => ruleId)).toContain('rule-b');
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('released');
    expect(world.denied).toEqual(new Set());
    expect(await world.store.list()).toHaveLength(1);
  });

  it('is told once, however many events of its rule follow', async () => {
    const world = await contained(worldOf());
    await world.order(release);
    for (let time = 1; time <= 20; time += 1) await world.evaluate(old('rule-b', { eventId: `late ${time}` }));
    expect(await world.told()).toEqual(['containing', 'contained', 'releasing', 'releasing']);
  });

  it('leaves the release to an event of after the order, which wins over it', async () => {
    const world = await contained(worldOf({ 'rule-b': { playbook: 'contain', mode: 'approve' } }));
    await world.order(release);
    world.clock.advance(1_000);
    await world.evaluate(old());
    expect((await world.stateOf()).state).toBe('releasing');
    await judged(world, justNow(world, 'rule-c'));
    expect(await world.stateOf()).toMatchObject({ state: 'contained', mode: 'enforce' });
    expect(world.denied).toEqual(new Set([mallory.key]));
  });

  it('does not take back anew what a release could not give back whole', async () => {
    const world = await contained(worldOf());
    world.fates.tampered = 'deactivate-keys#AKIAMALLORY1';
    await world.order({ ...release, all: true });
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(world.denied).toEqual(new Set());
    await judged(world, old());
    expect(world.denied).toEqual(new Set());
    expect(await world.told()).toEqual(['containing', 'contained', 'releasing', 'needs-human', 'needs-human']);
    await judged(world, justNow(world, 'rule-c'));
    expect(world.denied).toEqual(new Set([mallory.key]));
  });
});

describe('a case that a person closed', () => {
  /** Observed only, and closed at 02:30:02. */
  async function closed(verdict: Verdict): Promise<CaseWorld> {
    const world = worldOf({ 'rule-a': { playbook: 'contain', mode: 'observe' } });
    await judged(world, accessEvent({ record: { holds: ['rule-a'] } }));
    world.clock.advance(30 * MINUTE);
    expect(await world.order({ kind: 'close', caseId: 'C-1', verdict })).toMatchObject({ kind: 'accepted' });
    world.clock.advance(30 * MINUTE);
    return world;
  }

  it.each([
    ['false-positive', 'awaiting-approval'],
    ['benign', 'awaiting-approval'],
    ['true-positive', 'contained'],
  ] as const)('as %s: an older event that comes after it ends as %s', async (verdict, state) => {
    const world = await closed(verdict);
    await judged(world, old());
    expect((await world.stateOf('C-2')).state).toBe(state);
  });

  it.each(['false-positive', 'benign'] as const)('as %s spares nobody who goes on', async (verdict) => {
    const world = await closed(verdict);
    await judged(world, justNow(world));
    expect(world.denied).toEqual(new Set([mallory.key]));
  });

  it('can be closed after its release while another case is about its subject, and leaves that one alone', async () => {
    const world = await released();
    await judged(world, old());
    await judged(world, old('rule-a'));
    expect(await world.order({ kind: 'close', caseId: 'C-1', verdict: 'benign' })).toMatchObject({ kind: 'accepted' });
    expect((await openCaseOf(world.store, mallory.key))?.caseId).toBe('C-2');
    expect((await markOf(world.store, mallory.key, 'rule-a'))?.caseId).toBe('C-2');
  });

  it('after its release says nothing of what happened between the two', async () => {
    const world = await released();
    const between = '2026-11-21T02:40:00Z';
    await world.order({ kind: 'close', caseId: 'C-1', verdict: 'false-positive' });
    world.clock.advance(30 * MINUTE);
    expect(await lastReleaseOf(world.store, mallory.key)).toEqual({ caseId: 'C-1', at: RELEASED_AT });
    await judged(world, old('rule-b', { eventTime: between }), { reconciled: true });
    expect(world.denied).toEqual(new Set([mallory.key]));
  });
});

describe('the end of a lock', () => {
  it('is nobody’s judgement: an older event that comes after it acts', async () => {
    const world = worldOf({ 'rule-a': { playbook: 'lock', mode: 'enforce', forSeconds: 3600 } });
    await judged(world, accessEvent({ record: { holds: ['rule-a'] } }));
    world.clock.advance(61 * MINUTE);
    await world.lookAgain({ caseId: 'C-1', planVersion: 1 });
    expect(await world.stateOf()).toMatchObject({ state: 'releasing', release: { timed: { stage: 'tokens' } } });
    // No plan is due for the version by which it ended the lock: an event that comes twice starts none.
    expect(await world.stateOf()).toMatchObject({ planVersion: 2, release: { planVersion: 2 } });
    expect(await lastReleaseOf(world.store, mallory.key)).toBeUndefined();
    await judged(world, old());
    expect(world.denied).toEqual(new Set([mallory.key]));
  });

  it('gives way to the person who released the lock before', async () => {
    const world = worldOf({ 'rule-a': { playbook: 'lock', mode: 'enforce', forSeconds: 3600 } });
    await judged(world, accessEvent({ record: { holds: ['rule-a'] } }));
    world.clock.advance(20 * MINUTE);
    await world.order(release);
    await world.executeAll();
    world.clock.advance(MINUTE);
    await judged(world, old());
    expect(world.denied).toEqual(new Set());
    expect(await world.stateOf('C-2')).toMatchObject({ state: 'awaiting-approval' });
  });
});

describe('a role and its sessions', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/build';
  const lookup = {
    getUser: async () => undefined,
    getRole: async () => ({ roleId: 'AROABUILD', roleName: 'build', path: '/', arn: ROLE, trust: '{}' }),
  };
  const bySession = sessionPrincipal({ roleId: 'AROABUILD', roleName: 'build', arn: ROLE }, { sessionName: 'one' });
  const onRole = { eventName: 'UpdateAssumeRolePolicy', requestParameters: { roleName: 'build' } };
  const rules = [rule({ id: 'rule-a', subject: 'target-role' }), rule({ id: 'rule-b' })];
  const roleEvent = (of: Partial<AccessEvent> = {}) =>
    accessEvent({ record: { holds: ['rule-a'], ...onRole }, eventName: 'UpdateAssumeRolePolicy', ...of });

  const worldOfRole = () => createCaseWorld({ rules, answers: { 'rule-a': CONTAIN, 'rule-b': CONTAIN }, lookup });

  it('are let go together when the role is', async () => {
    const world = worldOfRole();
    await judged(world, roleEvent());
    expect(world.denied).toEqual(new Set(['role:AROABUILD']));
    world.clock.advance(30 * MINUTE);
    await world.order(release);
    await world.executeAll();
    await judged(world, old('rule-b', { principal: bySession }));
    expect(await world.stateOf('C-2')).toMatchObject({
      subject: { key: 'session:AROABUILD:one' },
      state: 'awaiting-approval',
      releasedSince: { caseId: 'C-1' },
    });
    expect(world.denied).toEqual(new Set());
  });

  it('are not let go by a release of one session, be it of everything', async () => {
    const world = worldOfRole();
    await judged(world, accessEvent({ principal: bySession, record: { holds: ['rule-b'] } }));
    expect(world.denied).toEqual(new Set(['session:AROABUILD:one']));
    world.clock.advance(30 * MINUTE);
    await world.order({ ...release, all: true });
    await world.executeAll();
    expect(world.denied).toEqual(new Set());
    await judged(world, roleEvent({ eventId: 'old role', eventTime: '2026-11-21T01:00:00Z' }));
    expect(world.denied).toEqual(new Set(['role:AROABUILD']));
    const other = { ...bySession, sessionName: 'two' };
    await judged(world, old('rule-b', { principal: other }));
    expect(world.denied).toEqual(new Set(['role:AROABUILD', 'session:AROABUILD:two']));
  });
});

it('whatever comes in whatever order: what is older than the release takes nothing once it is ordered, and what is newer is contained', async () => {
  const late = fc.constantFrom('old rule-b', 'old rule-c', 'old rule-a');
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(['old rule-a', 'old rule-b', 'old rule-c', 'run', 'run', 'run'], { minLength: 6 }),
      fc.array(late, { maxLength: 4 }),
      fc.boolean(),
      async (first, then, goesOn) => {
        const world = await contained(worldOf());
        await world.order(release);
        for (const one of [...first, ...then]) {
          if (one === 'run') await world.executeAll();
          else await world.evaluate(old(one.slice(4)));
        }
        await world.executeAll();
        expect(world.denied).toEqual(new Set());
        // Nothing was dropped: each rule has its detection in a case that somebody was told of.
        const cases = await world.store.list();
        const known = await Promise.all(cases.map(({ caseId }) => world.store.detections(caseId)));
        expect(new Set(known.flat().map(({ ruleId }) => ruleId))).toEqual(new Set(['rule-a', 'rule-b', 'rule-c']));
        for (const { caseId } of cases) expect(await world.told(caseId)).not.toEqual([]);
        if (!goesOn) return;
        world.clock.advance(MINUTE);
        await judged(world, justNow(world));
        expect(world.denied).toEqual(new Set([mallory.key]));
      },
    ),
    { numRuns: 60 },
  );
});
