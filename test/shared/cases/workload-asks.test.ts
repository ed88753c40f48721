import { expect, it } from 'vitest';
import { BY_HAND } from '../../../shared/cases/asked-by-hand.ts';
import type { Case } from '../../../shared/cases/case.ts';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import type { Subject } from '../../../shared/cases/subject.ts';
import { detection, newCase } from '../../support/case-scene.ts';
import { createCaseWorld } from '../../support/case-world.ts';

const V1 = { caseId: 'C-1', planVersion: 1 };
const ROLE: Subject = {
  kind: 'role',
  key: 'role:AROABUILDER',
  account: '111122223333',
  roleId: 'AROABUILDER',
  roleName: 'builder',
  arn: 'arn:aws:iam::111122223333:role/builder',
};

async function worldOf(of: Partial<Case>, services: readonly string[], eventSource = 'iam.amazonaws.com') {
  const world = createCaseWorld();
  await world.store.join({
    next: newCase({ subject: ROLE, ...of }),
    isNew: true,
    detection: { ...detection(), eventSource, mode: 'enforce' },
    mode: 'enforce',
    brought: [],
    mark: undefined,
  });
  const deps = {
    ...world.planDeps,
    makePlan: async (...asked: Parameters<typeof world.planDeps.makePlan>) => {
      const plan = await world.planDeps.makePlan(...asked);
      return plan.kind === 'plan' && services.length > 0 ? { ...plan, workload: services } : plan;
    },
  };
  return { world, plan: () => planCase(deps, V1) };
}

it('a person is asked before a workload is stopped, in mode enforce as well, and by a rerun too', async () => {
  const { world, plan } = await worldOf({}, ['ec2.amazonaws.com']);
  expect(await plan()).toEqual({ next: 'ask' });
  expect(await plan()).toEqual({ next: 'ask' });
  expect((await world.store.plan('C-1', 1))?.workload).toEqual(['ec2.amazonaws.com']);
});

it('without the answer nothing of it is done', async () => {
  const { world, plan } = await worldOf({}, ['ec2.amazonaws.com']);
  await plan();
  const found = await world.store.read('C-1');
  if (found === undefined) throw new Error('The case is gone');
  await world.store.advance({ next: { ...found, state: 'awaiting-approval', revision: found.revision + 1 } });
  await expect(containCase(world.containDeps, { ...V1, pass: 'first' })).rejects.toThrow('was not approved');
});

it('a role of people is contained in mode enforce without a question', async () => {
  const { plan } = await worldOf({}, []);
  expect(await plan()).toEqual({ next: 'contain' });
});

it('a person who orders it by name has said so', async () => {
  const { plan } = await worldOf({}, ['ec2.amazonaws.com'], BY_HAND);
  expect(await plan()).toEqual({ next: 'contain' });
});

it('in mode observe nobody is asked', async () => {
  const { plan } = await worldOf({ mode: 'observe' }, ['ec2.amazonaws.com']);
  expect(await plan()).toEqual({ next: 'done' });
});
