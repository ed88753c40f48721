import { describe, expect, it } from 'vitest';
import { askApproval, expireApproval } from '../../../shared/cases/ask-approval.ts';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import { accessEvent, rule } from '../../support/case-scene.ts';
import { createCaseWorld, ONCALL, PLAN_HASH, type WorldOptions } from '../../support/case-world.ts';

const OTHER = 'arn:aws:sts::111122223333:assumed-role/Security/eve';
const approve = { kind: 'approve', caseId: 'C-1' } as const;
const reject = { kind: 'reject', caseId: 'C-1' } as const;
const V1 = { caseId: 'C-1', planVersion: 1 };

/** A case of mallory that waits for an answer. */
async function waiting(options: WorldOptions = {}) {
  const world = createCaseWorld({ ...options, answers: { 'rule-a': { playbook: 'contain', mode: 'approve' } } });
  await world.evaluate(accessEvent());
  await world.executeAll();
  return world;
}

describe('asking for an approval', () => {
  it('binds the question to the plan, and tells once', async () => {
    const world = await waiting();
    expect(await world.stateOf()).toMatchObject({ state: 'awaiting-approval', outcome: { kind: 'planned' } });
    expect(await world.told()).toEqual(['awaiting-approval']);
    expect(await world.store.approval('C-1', 1)).toEqual({
      planVersion: 1,
      planHash: PLAN_HASH,
      taskToken: 'token 1',
      askedAt: '2026-11-21T02:00:02.000Z',
    });
  });

  it('a second time only takes the new token', async () => {
    const world = await waiting();
    await askApproval(world, { ...V1, taskToken: 'token of the retry' });
    expect((await world.store.approval('C-1', 1))?.taskToken).toBe('token of the retry');
    expect(await world.told()).toEqual(['awaiting-approval']);
  });

  it('again after the answer keeps the answer, so that the same person can send it to the new token', async () => {
    const world = await waiting();
    await world.order(approve);
    await askApproval(world, { ...V1, taskToken: 'token of the retry' });
    expect((await world.order(approve)).kind).toBe('accepted');
    expect(world.flow.answers).toEqual(['token 1: approved', 'token of the retry: approved']);
    expect(await world.told()).toEqual(['awaiting-approval']);
  });

  it('does nothing for a plan that was overtaken, or for a case that has ended', async () => {
    const world = await waiting();
    await world.order(reject);
    await world.order({ kind: 'close', caseId: 'C-1', verdict: 'benign' });
    await askApproval(world, { ...V1, taskToken: 'late' });
    expect((await world.stateOf()).state).toBe('closed');
    await expect(askApproval(world, { caseId: 'C-1', planVersion: 2, taskToken: 'x' })).rejects.toThrow('no plan 2');
  });
});

describe('an approval', () => {
  it('lets the plan be carried out, and keeps who gave it', async () => {
    const world = await waiting();
    expect(await world.order(approve)).toEqual({
      kind: 'accepted',
      text: `C-1 approved by ${ONCALL}.`,
      caseId: 'C-1',
    });
    expect((await world.store.approval('C-1', 1))?.answer).toEqual({
      approved: true,
      by: ONCALL,
      at: '2026-11-21T02:00:02.000Z',
    });
    await world.carryOut(V1);
    expect(await world.told()).toEqual(['awaiting-approval', 'containing', 'contained']);
  });

  it('is needed: nothing is contained without it, whoever calls', async () => {
    const world = await waiting();
    const pass = { ...V1, pass: 'first' } as const;
    await expect(containCase(world.containDeps, pass)).rejects.toThrow('Plan 1 of C-1 was not approved.');
    await world.order(reject);
    expect(await containCase(world.containDeps, pass)).toEqual({ next: 'done' });
    expect(world.denied.size).toBe(0);
  });

  it('of another plan is none, be it of the same number', async () => {
    const world = await waiting();
    await world.order(approve);
    const approval = await world.store.approval('C-1', 1);
    if (approval === undefined) throw new Error('nobody was asked');
    const store = { ...world.store, approval: async () => ({ ...approval, planHash: 'of another plan' }) };
    const answer = containCase({ ...world.containDeps, store }, { ...V1, pass: 'first' });
    await expect(answer).rejects.toThrow('Plan 1 of C-1 was not approved.');
    expect(world.denied.size).toBe(0);
  });

  it('is taken once: the first answer wins over every other', async () => {
    const world = await waiting();
    const answers = await Promise.all([
      world.order(approve, ONCALL),
      world.order(reject, OTHER),
      world.order(approve, OTHER),
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'refused', 'refused']);
    expect((await world.store.approval('C-1', 1))?.answer?.by).toBe(ONCALL);
    expect(world.flow.answers).toEqual(['token 1: approved']);
  });

  it('stands for the plan that was looked at, and for no newer one', async () => {
    const world = await waiting();
    expect(await world.order({ ...approve, planHash: 'of another plan' })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('The plan of C-1 has changed since'),
    });
    expect((await world.order({ ...approve, planHash: PLAN_HASH })).kind).toBe('accepted');
  });

  it('of an overtaken plan lets nothing of the newer one run', async () => {
    const world = createCaseWorld({
      rules: [rule(), rule({ id: 'rule-b' })],
      answers: {
        'rule-a': { playbook: 'alert', mode: 'approve' },
        'rule-b': { playbook: 'contain', mode: 'approve' },
      },
    });
    await world.evaluate(accessEvent({ record: { holds: ['rule-a'] } }));
    await world.executeAll();
    await world.evaluate(accessEvent({ eventId: 'event-2', record: { holds: ['rule-b'] } }));
    await planCase(world.planDeps, { caseId: 'C-1', planVersion: 2 });
    expect(await world.order(approve)).toMatchObject({ kind: 'refused', why: expect.stringContaining('no approval') });
    await askApproval(world, { caseId: 'C-1', planVersion: 2, taskToken: 'token 2' });
    await world.order(approve);
    // What waited for the older plan finds itself overtaken.
    expect(await containCase(world.containDeps, { ...V1, pass: 'first' })).toEqual({ next: 'done' });
    expect(world.flow.answers).toEqual(['token 2: approved']);
  });

  it.each(['arn:aws:iam::111122223333:user/mallory', 'arn:aws:sts::111122223333:federated-user/anybody'])(
    'is not taken from whom it may be about: %s',
    async (by) => {
      const world = await waiting();
      for (const order of [approve, reject, { kind: 'close', caseId: 'C-1', verdict: 'benign' }] as const) {
        expect(await world.order(order, by)).toEqual({
          kind: 'refused',
          why: 'Whom a case is about cannot decide it.',
        });
      }
      expect((await world.stateOf()).state).toBe('awaiting-approval');
    },
  );

  it('is not taken from another session of the role that it is about, in any partition', async () => {
    const world = createCaseWorld({ answers: { 'rule-a': { playbook: 'contain', mode: 'approve' } } });
    const principal = {
      kind: 'role-session',
      account: '111122223333',
      roleId: 'AROADEPLOY',
      roleName: 'Deploy',
      roleArn: 'arn:aws-us-gov:iam::111122223333:role/Deploy',
      sessionName: 'one',
      serviceLinked: false,
    } as const;
    await world.evaluate(accessEvent({ principal }));
    await world.executeAll();
    const by = (account: string, role: string) => `arn:aws-us-gov:sts::${account}:assumed-role/${role}/two`;
    expect((await world.order(approve, by('111122223333', 'Deploy'))).kind).toBe('refused');
    expect((await world.order(approve, by('111122223333', 'Deployers'))).kind).toBe('accepted');
  });

  it('that comes after its time changes nothing', async () => {
    const world = await waiting();
    await expireApproval(world, V1);
    await expireApproval(world, V1);
    expect(await world.told()).toEqual(['awaiting-approval', 'needs-human']);
    expect(await world.order(approve)).toMatchObject({ kind: 'refused', why: expect.stringContaining('needs-human') });
    expect(world.denied.size).toBe(0);
  });

  it('that nobody waits for any more says so', async () => {
    const world = await waiting({ nobodyWaits: true });
    expect(await world.order(approve)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('no longer waits'),
    });
  });

  it('whose answer nobody took up does not hold the case for ever', async () => {
    const world = await waiting({ nobodyWaits: true });
    await world.order(approve);
    expect((await world.order({ kind: 'release', caseId: 'C-1', all: false })).kind).toBe('accepted');
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('released');
  });

  it('is asked anew by the next detection after nobody answered', async () => {
    const world = await waiting();
    await expireApproval(world, V1);
    world.clock.advance(3_600_000);
    await world.evaluate(accessEvent({ eventId: 'event-2' }));
    await world.executeAll();
    expect(await world.stateOf()).toMatchObject({ state: 'awaiting-approval', planVersion: 2 });
  });
});

describe('a rejection', () => {
  it('changes nothing, is told, and can be sent again', async () => {
    const world = await waiting();
    expect((await world.order(reject)).kind).toBe('accepted');
    expect((await world.order(reject)).kind).toBe('accepted');
    expect(await world.stateOf()).toMatchObject({
      state: 'needs-human',
      outcome: { kind: 'refused', reason: 'rejected', detail: `rejected by ${ONCALL}` },
    });
    expect(await world.told()).toEqual(['awaiting-approval', 'needs-human']);
    expect((await world.order(approve)).kind).toBe('refused');
  });

  it('of a wider plan leaves a way to give back what the earlier plan took', async () => {
    const world = await waiting();
    await world.order(approve);
    await world.carryOut(V1);
    const found = await world.stateOf();
    await world.store.advance({
      next: { ...found, planVersion: 2, actions: [...found.actions, 'revoke-sessions'], revision: found.revision + 1 },
    });
    await world.execute({ kind: 'contain', caseId: 'C-1', planVersion: 2 });
    expect((await world.stateOf()).state).toBe('awaiting-approval');
    await world.order(reject);
    expect((await world.stateOf()).state).toBe('needs-human');

    expect((await world.order({ kind: 'close', caseId: 'C-1', verdict: 'benign' })).kind).toBe('refused');
    expect((await world.order({ kind: 'release', caseId: 'C-1', all: true })).kind).toBe('accepted');
    await world.executeAll();
    expect((await world.stateOf()).state).toBe('released');
    expect(world.denied.size).toBe(0);
  });
});
