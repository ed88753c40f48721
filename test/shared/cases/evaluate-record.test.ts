import { describe, expect, it } from 'vitest';
import { evaluateRecord } from '../../../shared/cases/evaluate-record.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { knowingTags } from '../../../shared/rules/evaluate/knowing-tags.ts';
import { accessEvent, rule, userPrincipal } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld } from '../../support/case-world.ts';
import { markOf } from '../../support/standing.ts';

const kinds = async (running: ReturnType<CaseWorld['evaluate']>) => (await running).results.map(({ kind }) => kind);

describe('an event', () => {
  it('opens a case and starts its containment', async () => {
    const world = createCaseWorld();
    expect((await world.evaluate(accessEvent())).results).toEqual([
      { kind: 'detected', ruleId: 'rule-a', caseId: 'C-1', planDue: 1 },
    ]);
    expect(world.flow.started).toEqual([{ kind: 'contain', caseId: 'C-1', planVersion: 1 }]);
  });

  it('touches nothing when no rule holds', async () => {
    const calls: string[] = [];
    const world = createCaseWorld({
      around: (call, run) => {
        calls.push(call.name);
        return run();
      },
    });
    expect(await world.evaluate(accessEvent({ record: { holds: [] } }))).toEqual({ results: [], faults: [] });
    expect(calls).toEqual([]);
    expect(world.flow.started).toEqual([]);
  });

  it('is one case, one detection and one alert, however often it comes', async () => {
    const world = createCaseWorld();
    for (let time = 0; time < 50; time += 1) {
      await world.evaluate(accessEvent());
      await world.executeAll();
      world.clock.advance(1_800_000);
    }
    expect(await world.store.list()).toHaveLength(1);
    expect(await world.store.detections('C-1')).toHaveLength(1);
    expect(await world.told()).toEqual(['containing', 'contained']);
  });

  it('is one case when 20 copies of it are judged at once', async () => {
    const world = createCaseWorld();
    await Promise.all(Array.from({ length: 20 }, () => world.evaluate(accessEvent())));
    expect(await world.store.list()).toHaveLength(1);
    expect(world.flow.names()).toEqual(['C-1 plan 1']);
    expect((await markOf(world.store, 'user:AIDAMALLORY', 'rule-a'))?.events).toEqual(['event-1']);
  });

  it('makes one plan of all the rules that hold for it', async () => {
    const world = createCaseWorld({
      rules: [rule(), rule({ id: 'rule-b' }), rule({ id: 'rule-c', level: 'critical' })],
    });
    await world.evaluate(accessEvent());
    expect((await world.stateOf()).severity).toBe('critical');
    expect(await world.store.detections('C-1')).toHaveLength(3);
    expect(world.flow.started).toEqual([{ kind: 'contain', caseId: 'C-1', planVersion: 1 }]);
  });

  it('is started by its second copy when the first died between joining and starting', async () => {
    const world = createCaseWorld();
    const { flow } = world;
    const dying = { ...world.evaluateDeps, flow: { ...flow, start: () => Promise.reject(new Error('crash')) } };
    await expect(evaluateRecord(dying, accessEvent())).rejects.toThrow('crash');
    expect(flow.started).toEqual([]);
    expect(await kinds(world.evaluate(accessEvent()))).toEqual(['duplicate']);
    expect(flow.started).toEqual([{ kind: 'contain', caseId: 'C-1', planVersion: 1 }]);
  });

  it('is judged by the other rules too when one of them cannot be answered, and comes again', async () => {
    const world = createCaseWorld({ rules: [rule({ id: 'rule-b', subject: 'target-user' }), rule()] });
    const throttled = {
      ...world.evaluateDeps,
      lookup: { getUser: () => Promise.reject(new Error('Throttling')), getRole: async () => undefined },
    };
    const event = accessEvent({ record: { requestParameters: { userName: 'alice' } } });
    await expect(evaluateRecord(throttled, event)).rejects.toThrow('Throttling');
    expect(world.flow.started).toEqual([{ kind: 'contain', caseId: 'C-1', planVersion: 1 }]);
    expect(await kinds(world.evaluate(event))).toEqual(['detected', 'duplicate']);
  });

  it('hands on what a rule threw', async () => {
    const world = createCaseWorld();
    const fault = { ruleId: 'rule-x', file: 'rules/x.yml', message: 'cannot compare' };
    const deps = {
      ...world.evaluateDeps,
      rulesThatHold: () => ({ hits: [rule()], matches: [rule()], suppressed: [], undecided: [], faults: [fault] }),
    };
    const { results, faults } = await evaluateRecord(deps, accessEvent());
    expect(faults).toEqual([fault]);
    expect(results.map(({ kind }) => kind)).toEqual(['detected']);
  });
});

describe('an event of a rule that asks more than its detection', () => {
  const nothing = { hits: [], matches: [], suppressed: [], undecided: [], faults: [] };
  const undecided = { rule: rule(), silent: false, keys: ['k'] };

  it('ends as suppressed, by name, and opens nothing', async () => {
    const world = createCaseWorld();
    const suppressed = [{ rule: rule(), by: 'change window release 42 (CHG-1234)' }];
    const deps = { ...world.evaluateDeps, rulesThatHold: () => ({ ...nothing, suppressed }) };
    expect((await evaluateRecord(deps, accessEvent())).results).toEqual([
      { kind: 'suppressed', ruleId: 'rule-a', by: 'change window release 42 (CHG-1234)' },
    ]);
    expect(await world.store.list()).toEqual([]);
  });

  it.each([
    ['is detected when it is seen first', { kind: 'first' }, ['detected']],
    ['is no match when it was seen before', { kind: 'seen' }, []],
    ['is suppressed while nothing is known yet', { kind: 'suppressed', by: 'the learning period' }, ['suppressed']],
  ] as const)('%s', async (_, verdict, expected) => {
    const world = createCaseWorld();
    const deps = {
      ...world.evaluateDeps,
      rulesThatHold: () => ({ ...nothing, undecided: [undecided] }),
      firstSeen: async () => verdict,
    };
    expect((await evaluateRecord(deps, accessEvent())).results.map(({ kind }) => kind)).toEqual(expected);
    expect(await world.store.list()).toHaveLength(verdict.kind === 'first' ? 1 : 0);
  });

  it('feeds its correlations once it is seen first, and tells nothing of its own where it is only a part', async () => {
    const world = createCaseWorld();
    const met: string[] = [];
    const deps = {
      ...world.evaluateDeps,
      rulesThatHold: () => ({ ...nothing, undecided: [{ ...undecided, silent: true }] }),
      firstSeen: async () => ({ kind: 'first' }) as const,
      correlationsThatHold: async (_: unknown, rules: readonly { readonly id: string }[]) => {
        met.push(...rules.map(({ id }) => id));
        return [];
      },
    };
    expect((await evaluateRecord(deps, accessEvent())).results).toEqual([]);
    expect(met).toEqual(['rule-a']);
  });

  it('is judged by the other rules too when the table of what was seen does not answer, and comes again', async () => {
    const world = createCaseWorld();
    const deps = {
      ...world.evaluateDeps,
      rulesThatHold: () => ({ ...nothing, hits: [rule()], matches: [rule()], undecided: [undecided] }),
      firstSeen: () => Promise.reject(new Error('throttled')),
    };
    await expect(evaluateRecord(deps, accessEvent())).rejects.toThrow('throttled');
    expect(await world.store.list()).toHaveLength(1);
  });

  it.each([
    ['by the other rules too', [rule()], 1],
    ['by no rule', [], 0],
  ])('is judged %s when it cannot be read what bears a tag, and comes again', async (_, rules, cases) => {
    const world = createCaseWorld();
    const table: Parameters<typeof knowingTags>[1] = { refreshIfAsked: () => Promise.reject(new Error('throttled')) };
    const judge = knowingTags(() => ({ ...nothing, hits: rules, matches: rules }), table);
    await expect(evaluateRecord({ ...world.evaluateDeps, rulesThatHold: judge }, accessEvent())).rejects.toThrow(
      'throttled',
    );
    expect(await world.store.list()).toHaveLength(cases);
  });

  it('asks nothing for calls of Rescind itself', async () => {
    const world = createCaseWorld();
    const deps = {
      ...world.evaluateDeps,
      rulesThatHold: () => ({ ...nothing, undecided: [undecided] }),
      firstSeen: () => Promise.reject(new Error('asked')),
    };
    const principal = {
      kind: 'role-session',
      account: '111122223333',
      roleId: 'AROARESCINDCONTAIN',
      roleName: 'rescind-contain',
      roleArn: 'arn:aws:iam::111122223333:role/rescind-contain',
      sessionName: 's',
      serviceLinked: false,
    } as const;
    expect((await evaluateRecord(deps, accessEvent({ principal }))).results).toEqual([]);
  });
});

describe('a contained subject', () => {
  const contained = async (): Promise<CaseWorld> => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('contained');
    return world;
  };
  const at = (eventTime: string, of = {}) => accessEvent({ eventId: `event-at-${eventTime}`, eventTime, ...of });
  const NEXT_DAY = '2027-01-01T00:00:00Z';

  it('whose call goes through afterwards was not contained: the case is partial, and a person is told', async () => {
    const world = await contained();
    await world.evaluate(at(NEXT_DAY));
    expect(await world.stateOf()).toMatchObject({ state: 'needs-human', outcome: { kind: 'partial' } });
    expect(await world.told()).toEqual(['containing', 'contained', 'needs-human']);
  });

  it('whose call is denied afterwards is contained still', async () => {
    const world = await contained();
    await world.evaluate(at(NEXT_DAY, { errorCode: 'AccessDenied' }));
    expect((await world.stateOf()).state).toBe('contained');
  });

  it('whose call from before the containment arrives late is contained still', async () => {
    const world = await contained();
    await world.evaluate(at('2020-01-01T00:00:00Z'));
    expect((await world.stateOf()).state).toBe('contained');
  });
});

describe("Rescind's own calls", () => {
  const session = {
    kind: 'role-session',
    account: '111122223333',
    roleId: 'AROARESCINDCONTAIN',
    roleName: 'Rescind-contain',
    roleArn: 'arn:aws:iam::111122223333:role/Rescind-contain',
    sessionName: 'Rescind-contain',
    serviceLinked: false,
  } as const;

  it('are not judged', async () => {
    const world = createCaseWorld();
    expect(await kinds(world.evaluate(accessEvent({ principal: session })))).toEqual(['own']);
    expect(await world.store.list()).toEqual([]);
  });

  it('are not those of a role of the same name in another account', async () => {
    const world = createCaseWorld();
    const foreign = { ...session, account: '999988887777', roleId: 'AROAOFANOTHERACCOUNT' };
    expect(await kinds(world.evaluate(accessEvent({ principal: foreign })))).toEqual(['detected']);
  });

  it('are not those of a role that was made anew under the name of ours', async () => {
    const world = createCaseWorld();
    const impostor = { ...session, roleId: 'AROAIMPOSTOR' };
    expect(await kinds(world.evaluate(accessEvent({ principal: impostor })))).toEqual(['detected']);
  });
});

describe('further events of a rule', () => {
  const later = (number: number, of = {}) => accessEvent({ eventId: `event-${number}`, ...of });

  it('are counted on the mark, and the case is not written', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    const { revision } = await world.stateOf();
    for (let number = 2; number <= 150; number += 1)
      expect(await kinds(world.evaluate(later(number)))).toEqual(['counted']);
    expect((await world.stateOf()).revision).toBe(revision);
    expect((await markOf(world.store, 'user:AIDAMALLORY', 'rule-a'))?.events).toHaveLength(100);
  });

  it('that are brought again from the history open nothing anew once the case has ended, be they on the full mark or not', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    for (let number = 2; number <= 150; number += 1) await world.evaluate(later(number));
    await world.store.advance({
      next: { ...(await world.stateOf()), state: 'closed', revision: 2 },
      clearMarks: true,
      freeSubject: true,
    });
    const again = (number: number) => kinds(world.evaluate(later(number), { reconciled: true }));
    expect([await again(7), await again(149)]).toEqual([['duplicate'], ['duplicate']]);
    // By itself, one that the mark had no room for is new.
    expect(await kinds(world.evaluate(later(149)))).toEqual(['detected']);
  });

  it('that are brought from the history and were never seen are judged as any', async () => {
    const world = createCaseWorld();
    expect(await kinds(world.evaluate(later(1), { reconciled: true }))).toEqual(['detected']);
    expect(await kinds(world.evaluate(later(1), { reconciled: true }))).toEqual(['duplicate']);
  });

  it('join when they bring a key or a grant that the case does not know, so that no release gives it back', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    const second = userPrincipal({ accessKeyId: 'AKIAMALLORY2' });
    expect(await kinds(world.evaluate(later(2, { principal: second })))).toEqual(['detected']);
    expect(await kinds(world.evaluate(later(3, { principal: second })))).toEqual(['counted']);
    const record = { responseElements: { accessKey: { accessKeyId: 'AKIANEW', userName: 'mallory' } } };
    expect(await kinds(world.evaluate(later(4, { eventName: 'CreateAccessKey', record })))).toEqual(['detected']);
    const found = await world.store.detections('C-1');
    expect(found.map(({ accessKeyId }) => accessKeyId)).toEqual(['AKIAMALLORY1', 'AKIAMALLORY2', 'AKIAMALLORY1']);
    expect(found.at(-1)?.granted).toEqual([
      { kind: 'access-key-created', principal: 'mallory', accessKeyId: 'AKIANEW' },
    ]);
    // Nothing of it makes a new plan due.
    expect(world.flow.names()).toEqual(['C-1 plan 1']);
  });

  it('do not join for the key of each new session', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    const temporary = userPrincipal({ accessKeyId: 'ASIATEMPORARY', temporary: true });
    expect(await kinds(world.evaluate(later(2, { principal: temporary })))).toEqual(['counted']);
  });

  it('raise the mode when their rule was promoted meanwhile', async () => {
    const answers = { 'rule-a': { playbook: 'contain', mode: 'observe' } } as const;
    const world = createCaseWorld({ answers });
    await world.evaluate(accessEvent());
    await world.executeAll();
    const promoted = { ...world.evaluateDeps, answerFor: () => ({ playbook: 'contain', mode: 'enforce' as const }) };
    expect((await evaluateRecord(promoted, later(2))).results).toEqual([
      { kind: 'detected', ruleId: 'rule-a', caseId: 'C-1', planDue: 2 },
    ]);
  });

  it('bring the case to mind once an hour', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    world.clock.advance(3_599_000);
    expect(await kinds(world.evaluate(later(2)))).toEqual(['counted']);
    world.clock.advance(1_000);
    expect(await kinds(world.evaluate(later(3)))).toEqual(['detected']);
    expect(await kinds(world.evaluate(later(4)))).toEqual(['counted']);
  });

  it('reach a subject that the breaker held back, once a person has closed it', async () => {
    const world = createCaseWorld({ subjects: 0 });
    await world.evaluate(accessEvent());
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'refused', reason: 'breaker' },
    });
    await world.order({ kind: 'close-breaker' });
    Object.assign(world.planDeps, { breakerLimits: { subjects: 5, windowSeconds: 900 } });
    world.clock.advance(3_600_000);
    await world.evaluate(later(2));
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('contained');
  });

  it('open a case of their own after the first was closed, and the same event does not', async () => {
    const world = createCaseWorld({ answers: { 'rule-a': { playbook: 'alert', mode: 'observe' } } });
    await world.evaluate(accessEvent());
    await world.executeAll();
    await world.order({ kind: 'close', caseId: 'C-1', verdict: 'benign' });
    expect(await kinds(world.evaluate(accessEvent()))).toEqual(['duplicate']);
    expect(await kinds(world.evaluate(later(2)))).toEqual(['detected']);
    expect((await openCaseOf(world.store, 'user:AIDAMALLORY'))?.caseId).not.toBe('C-1');
  });

  it('open a case of their own where the first is closed just while they are judged', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const world = createCaseWorld({
      rules: [rule({ id: 'rule-a' }), rule({ id: 'rule-b' })],
      answers: { 'rule-a': { playbook: 'contain', mode: 'observe' } },
      // After the claim of the first case was read, and before the case itself.
      around: async (call, run) => {
        const order = call.name === 'read' ? meanwhile : undefined;
        meanwhile = call.name === 'read' ? undefined : meanwhile;
        await order?.();
        return run();
      },
    });
    await world.evaluate(accessEvent({ record: { holds: ['rule-a'] } }));
    await world.executeAll();
    meanwhile = () => world.order({ kind: 'close', caseId: 'C-1', verdict: 'true-positive' });
    await world.evaluate(later(2, { record: { holds: ['rule-b'] } }));
    await world.executeAll();
    expect(await world.stateOf('C-1')).toMatchObject({ state: 'closed', ruleIds: ['rule-a'] });
    expect(await world.stateOf('C-2')).toMatchObject({ state: 'contained', ruleIds: ['rule-b'] });
    expect(world.denied).toEqual(new Set(['user:AIDAMALLORY']));
  });

  it('win over a release that is under way', async () => {
    const world = createCaseWorld();
    await world.evaluate(accessEvent());
    await world.executeAll();
    await world.order({ kind: 'release', caseId: 'C-1', all: true });
    const release = world.flow.started.shift();
    expect(await kinds(world.evaluate(later(2)))).toEqual(['detected']);
    if (release !== undefined) await world.execute(release);
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'contained', planVersion: 3 });
    expect(world.denied).toEqual(new Set(['user:AIDAMALLORY']));
  });
});
