import { describe, expect, it } from 'vitest';
import {
  type ChainedSession,
  type LineageOf,
  NO_LINEAGE,
  type SessionLineage,
} from '../../../shared/access/session-lineage.ts';
import type { Subject } from '../../../shared/cases/subject.ts';
import { accessEvent, mallory, rule, userPrincipal } from '../../support/case-scene.ts';
import { createCaseWorld, type WorldOptions } from '../../support/case-world.ts';

const role = (name: string) => ({
  roleId: `AROA${name.toUpperCase()}`,
  roleName: name,
  path: '/team/',
  arn: `arn:aws:iam::111122223333:role/team/${name}`,
  trust: '{"Version":"2012-10-17","Statement":[]}',
});
const ROLES = ['build', 'ship', 'read'].map(role);

function session(name: string, of: Partial<ChainedSession> = {}): ChainedSession {
  const [roleName = '', sessionName = ''] = name.split('/');
  return {
    name: `AROA${roleName.toUpperCase()}:${sessionName}`,
    arn: `arn:aws:sts::111122223333:assumed-role/${name}`,
    at: '2026-11-21T01:30:00.000Z',
    eventId: `event-${name}`,
    by: 'mallory',
    ...of,
  };
}

function actingIn(name: string, sessionName: string) {
  const { roleId, roleName, arn: roleArn } = role(name);
  const account = '111122223333';
  return { kind: 'role-session', account, roleId, roleName, roleArn, sessionName, serviceLinked: false } as const;
}

/** What the record shows, by whose lineage is asked. */
function worldOf(
  record: Readonly<Record<string, Partial<SessionLineage>>>,
  options: Omit<WorldOptions, 'lineageOf' | 'lookup'> = {},
) {
  const asked: LineageOf[] = [];
  const world = createCaseWorld({
    ...options,
    lookup: {
      getUser: async () => undefined,
      getRole: async (name) => ROLES.find(({ roleName }) => roleName === name),
    },
    lineageOf: async (of) => {
      asked.push(of);
      return { ...NO_LINEAGE, ...record[of.session ?? of.principal] };
    },
  });
  const detect = async () => {
    await world.evaluate(accessEvent());
    await world.executeAll();
  };
  const subjects = async (): Promise<readonly Subject[]> => {
    const all: Subject[] = [];
    for (let n = 1; ; n += 1) {
      const found = await world.store.read(`C-${n}`);
      if (found === undefined) return all;
      all.push(found.subject);
    }
  };
  return { ...world, asked, detect, subjects };
}

describe('sessions that came of a contained subject', () => {
  it('get a case each, by the same rule and in the same mode, bound to the role’s whole ARN', async () => {
    const world = worldOf({ 'user:AIDAMALLORY': { issued: [session('build/one'), session('ship/two')] } });
    await world.detect();
    expect(await world.subjects()).toEqual([
      mallory,
      {
        kind: 'session',
        key: 'session:AROABUILD:one',
        account: '111122223333',
        roleId: 'AROABUILD',
        roleName: 'build',
        arn: 'arn:aws:iam::111122223333:role/team/build',
        sessionName: 'one',
      },
      expect.objectContaining({ key: 'session:AROASHIP:two' }),
    ]);
    expect([...world.denied]).toEqual(['user:AIDAMALLORY', 'session:AROABUILD:one', 'session:AROASHIP:two']);
    const [detection] = await world.store.detections('C-2');
    expect(detection).toMatchObject({
      ruleId: 'rule-a',
      eventId: 'event-build/one',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      playbook: 'contain',
      mode: 'enforce',
      granted: [],
    });
  });

  it('end in a circle: whoever has a case is not given another', async () => {
    const world = worldOf({
      'user:AIDAMALLORY': { issued: [session('build/one'), session('ship/two')] },
      'AROABUILD:one': { issued: [session('ship/two'), session('build/three')], cycle: ['AROABUILD', 'AROASHIP'] },
      'AROASHIP:two': { issued: [session('build/three'), session('build/one')], cycle: ['AROABUILD', 'AROASHIP'] },
      'AROABUILD:three': { issued: [session('ship/two')], cycle: ['AROABUILD', 'AROASHIP'] },
    });
    await world.detect();
    expect((await world.subjects()).map(({ key }) => key)).toEqual([
      'user:AIDAMALLORY',
      'session:AROABUILD:one',
      'session:AROASHIP:two',
      'session:AROABUILD:three',
    ]);
    expect((await world.stateOf('C-2')).lineage?.cycle).toEqual(['AROABUILD', 'AROASHIP']);
  });

  it('twice are once, whatever is retried', async () => {
    const world = worldOf({ 'user:AIDAMALLORY': { issued: [session('build/one')] } });
    await world.evaluate(accessEvent());
    await world.executeAll({ twice: true });
    expect(await world.subjects()).toHaveLength(2);
    expect(await world.store.detections('C-2')).toHaveLength(1);
  });

  it('are started when a crash came between joining and starting', async () => {
    const world = worldOf({ 'user:AIDAMALLORY': { issued: [session('build/one')] } });
    const { start } = world.flow;
    let lost = 0;
    world.flow.start = async (input) => {
      if (input.caseId === 'C-2' && lost++ === 0) throw new Error('lost');
      return start(input);
    };
    await world.evaluate(accessEvent());
    await expect(world.executeAll()).rejects.toThrow('1 sessions could not be followed');
    // The machine runs the task again.
    await world.carryOut({ caseId: 'C-1', planVersion: 1 });
    await world.executeAll();
    expect([...world.denied]).toEqual(['user:AIDAMALLORY', 'session:AROABUILD:one']);
  });

  it('are named in the outcome as long as they have no case', async () => {
    const world = worldOf({ 'user:AIDAMALLORY': { issued: [session('build/one'), session('ship/two')] } });
    const { start } = world.flow;
    let throttled = true;
    world.flow.start = async (input) => {
      if (throttled && input.caseId === 'C-2') throw new Error('throttled');
      return start(input);
    };
    await world.evaluate(accessEvent());
    await expect(world.executeAll()).rejects.toThrow('1 sessions could not be followed');
    expect((await world.stateOf('C-1')).unfollowed).toEqual(['build/one']);
    throttled = false;
    await world.carryOut({ caseId: 'C-1', planVersion: 1 });
    await world.executeAll();
    expect((await world.stateOf('C-1')).unfollowed).toBeUndefined();
  });

  it('are named before the first is tried: a run that is lost leaves nobody unnamed', async () => {
    const world = worldOf({ 'user:AIDAMALLORY': { issued: [session('build/one')] } });
    const seen: unknown[] = [];
    const { start } = world.flow;
    world.flow.start = async (input) => {
      if (input.caseId === 'C-2') seen.push((await world.stateOf('C-1')).unfollowed);
      return start(input);
    };
    await world.detect();
    expect(seen).toEqual([['build/one']]);
  });

  it('are each tried, whatever becomes of one before', async () => {
    const world = worldOf({ 'user:AIDAMALLORY': { issued: [session('build/one'), session('ship/two')] } });
    const { start } = world.flow;
    world.flow.start = async (input) => {
      if (input.caseId === 'C-2') throw new Error('throttled');
      return start(input);
    };
    await world.evaluate(accessEvent());
    await expect(world.executeAll()).rejects.toThrow('1 sessions could not be followed');
    await world.executeAll();
    expect([...world.denied]).toEqual(['user:AIDAMALLORY', 'session:AROASHIP:two']);
  });

  it('are ended though a person let one of them go before: they knew nothing of what its maker would do', async () => {
    const world = worldOf({
      'user:AIDAMALLORY': { issued: [session('build/one', { at: '2026-11-20T01:00:00.000Z' })] },
    });
    const principal = actingIn('build', 'one');
    await world.evaluate(accessEvent({ eventId: 'before', eventTime: '2026-11-21T01:59:00Z', principal }));
    await world.executeAll();
    world.clock.advance(3_600_000);
    await world.order({ kind: 'release', caseId: 'C-1', all: true });
    await world.executeAll();
    expect([...world.denied]).toEqual([]);
    world.clock.advance(3_600_000);
    await world.evaluate(accessEvent({ eventId: 'after', eventTime: '2026-11-21T04:00:00Z' }));
    await world.executeAll();
    expect([...world.denied]).toEqual(['user:AIDAMALLORY', 'session:AROABUILD:one']);
  });

  it('are proposed and no more where the rule only observes', async () => {
    const world = worldOf(
      { 'user:AIDAMALLORY': { issued: [session('build/one')] } },
      { answers: { 'rule-a': { playbook: 'contain', mode: 'observe' } } },
    );
    await world.detect();
    expect(await world.subjects()).toEqual([mallory]);
    expect((await world.stateOf()).lineage?.issued).toEqual([session('build/one')]);
  });

  it('are asked about one by one where the rule asks', async () => {
    const world = worldOf(
      { 'user:AIDAMALLORY': { issued: [session('build/one')] } },
      { answers: { 'rule-a': { playbook: 'contain', mode: 'approve' } } },
    );
    await world.detect();
    expect(await world.subjects()).toEqual([mallory]);
    await world.order({ kind: 'approve', caseId: 'C-1' });
    await world.carryOut({ caseId: 'C-1', planVersion: 1 });
    await world.executeAll();
    expect([...world.denied]).toEqual(['user:AIDAMALLORY']);
    expect((await world.stateOf('C-2')).state).toBe('awaiting-approval');
  });

  it.each([
    ['of another account', session('build/one', { arn: 'arn:aws:sts::444455556666:assumed-role/build/one' })],
    ['of a role that bears the name of another one now', session('build/one', { name: 'AROAEARLIER:one' })],
    ['of a role that is gone', session('gone/one')],
    ['whose ARN is none', session('build/one', { arn: 'arn' })],
  ])('are left to a person %s', async (_, one) => {
    const world = worldOf({ 'user:AIDAMALLORY': { issued: [one] } });
    await world.detect();
    expect(await world.subjects()).toEqual([mallory]);
    expect([...world.denied]).toEqual(['user:AIDAMALLORY']);
  });

  it('stop at the breaker like everybody else', async () => {
    const issued = ['build/one', 'ship/two', 'read/three'].map((name) => session(name));
    const world = worldOf({ 'user:AIDAMALLORY': { issued } }, { subjects: 2 });
    await world.detect();
    expect(world.denied.size).toBe(2);
    expect((await world.stateOf('C-3')).outcome).toMatchObject({ kind: 'refused', reason: 'breaker' });
  });

  it('do not open the breaker for everybody else, however many there are', async () => {
    const issued = ['build/one', 'ship/two', 'read/three'].map((name) => session(name));
    const world = worldOf({ 'user:AIDAMALLORY': { issued } }, { subjects: 2 });
    await world.detect();
    expect((await world.store.breaker()).openedAt).toBeUndefined();
    world.clock.advance(901_000);
    const bob = { userId: 'AIDABOB', userName: 'bob', arn: 'arn:aws:iam::111122223333:user/bob' };
    await world.evaluate(accessEvent({ eventId: 'event-2', principal: userPrincipal(bob) }));
    await world.executeAll();
    expect([...world.denied]).toContain('user:AIDABOB');
  });

  it('open it where a rule is about one of them as well', async () => {
    const issued = ['build/one', 'ship/two'].map((name) => session(name));
    const world = worldOf(
      { 'user:AIDAMALLORY': { issued } },
      {
        subjects: 2,
        rules: ['rule-a', 'rule-b'].map((id) => rule({ id })),
      },
    );
    await world.evaluate(accessEvent({ record: { holds: ['rule-a'] } }));
    await world.executeAll();
    expect((await world.store.breaker()).openedAt).toBeUndefined();
    const principal = actingIn('ship', 'two');
    world.clock.advance(1_000);
    await world.evaluate(accessEvent({ eventId: 'event-2', principal, record: { holds: ['rule-b'] } }));
    await world.executeAll();
    expect((await world.store.breaker()).openedAt).toBe('2026-11-21T02:00:03.000Z');
  });

  it('are locked as long as the subject, and revoked as sessions', async () => {
    const record = { 'user:AIDAMALLORY': { issued: [session('build/one')] } };
    const locked = worldOf(record, {
      answers: { 'rule-a': { playbook: 'lock', mode: 'enforce', forSeconds: 7_200 } },
    });
    await locked.detect();
    expect((await locked.store.detections('C-2'))[0]).toMatchObject({ playbook: 'lock', forSeconds: 7_200 });
    expect((await locked.stateOf('C-2')).actions).toContain('lock-session');
  });

  it('are ended where MFA is asked of the subject, or where it is contained for want of a device', async () => {
    const world = worldOf(
      { 'user:AIDAMALLORY': { issued: [session('build/one')] } },
      { answers: { 'rule-a': { playbook: 'require-mfa', mode: 'enforce' } } },
    );
    await world.detect();
    expect((await world.stateOf('C-1')).actions).toContain('quarantine');
    expect(await world.stateOf('C-2')).toMatchObject({ playbooks: ['revoke-session'], mode: 'enforce' });
  });
});

describe('a plan', () => {
  it('asks for the lineage by the credentials that were seen', async () => {
    const world = worldOf({}, { rules: [rule()] });
    await world.detect();
    expect(world.asked).toEqual([{ principal: 'user:AIDAMALLORY', keys: [] }]);
  });

  it('is made when the record cannot be read, and says so', async () => {
    const world = createCaseWorld({
      lineageOf: async () => {
        throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      },
    });
    await world.evaluate(accessEvent());
    await world.executeAll();
    expect([...world.denied]).toEqual(['user:AIDAMALLORY']);
    expect((await world.stateOf()).lineage).toMatchObject({ unread: 'ThrottlingException', issued: [] });
  });
});
