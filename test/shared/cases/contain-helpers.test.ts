import { describe, expect, test } from 'vitest';
import type { Case, Detection } from '../../../shared/cases/case.ts';
import { containHelpers } from '../../../shared/cases/contain-helpers.ts';
import { moveCase } from '../../../shared/cases/move-case.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { verifyCase } from '../../../shared/cases/verify-case.ts';
import { FIRST_VERIFY } from '../../../shared/containment/verify.ts';
import { createFakeFlow, detection, newCase } from '../../support/case-scene.ts';
import { createMemoryCaseStore } from '../../support/memory-case-store.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const BOB = { userId: 'AIDABOB', userName: 'bob', arn: 'arn:aws:iam::111122223333:user/bob' };

const stripped = (of: Partial<Detection> = {}) =>
  detection({
    ruleId: 'stripped',
    eventTime: '2026-11-21T02:01:00Z',
    detectedAt: '2026-11-21T02:01:02.000Z',
    undoneBy: { kind: 'user', name: 'bob', uniqueId: 'AIDABOB' },
    playbook: 'alert',
    mode: 'observe',
    ...of,
  });

/** A case that is fought over, and what it knows. */
async function fought(detections: readonly Detection[], of: Partial<Case> = {}) {
  const clock = createVirtualClock('2026-11-21T02:02:00.000Z');
  const store = createMemoryCaseStore(clock);
  const next = newCase({ caseId: 'C-1', foughtAt: '2026-11-21T02:01:30.000Z', ...of });
  const [first = detection()] = detections;
  await store.join({ next, isNew: true, detection: first, mode: 'enforce', brought: [], mark: undefined });
  const flow = createFakeFlow();
  let cases = 1;
  const deps = {
    store,
    flow,
    clock,
    newCaseId: () => {
      cases += 1;
      return `C-${cases}`;
    },
    lookup: { getUser: async () => BOB, getRole: async () => undefined },
    whyProtected: () => undefined,
  };
  const read = async (caseId: string): Promise<Case> => {
    const found = await store.read(caseId);
    if (found === undefined) throw new Error(`There is no case ${caseId}`);
    return found;
  };
  return { store, clock, deps, read, help: async () => containHelpers(deps, await read('C-1'), detections) };
}

describe('whoever helped to take a containment back', () => {
  test('is contained in the mode in which the case acts, not in that of a rule that only told and came first', async () => {
    const { help, store } = await fought(
      [
        detection({ ruleId: 'told', playbook: 'alert', mode: 'enforce' }),
        detection({ ruleId: 'asks', detectedAt: '2026-11-21T02:00:30.000Z', mode: 'approve' }),
        stripped(),
      ],
      { mode: 'approve' },
    );
    await help();
    expect((await openCaseOf(store, 'user:AIDABOB'))?.mode).toBe('approve');
  });

  test('is contained where the first rule only observed and another one acts', async () => {
    const { help, store } = await fought([
      detection({ ruleId: 'told', playbook: 'alert', mode: 'observe' }),
      detection({ ruleId: 'acts', detectedAt: '2026-11-21T02:00:30.000Z', mode: 'enforce' }),
      stripped(),
    ]);
    await help();
    expect((await openCaseOf(store, 'user:AIDABOB'))?.mode).toBe('enforce');
  });

  test('is only told of where a person ordered the containment of somebody else by hand', async () => {
    const { help, store } = await fought([detection({ eventSource: 'rescind', mode: 'enforce' }), stripped()]);
    await help();
    expect(await openCaseOf(store, 'user:AIDABOB')).toMatchObject({ mode: 'observe', subject: { userName: 'bob' } });
  });

  test('is not contained again for the same once a person has released them', async () => {
    const { help, read, store } = await fought([detection({ mode: 'enforce' }), stripped()]);
    await help();
    const released = moveCase(await read('C-2'), 'released', '2026-11-21T02:03:00.000Z');
    await store.advance({ next: released, clearMarks: true, freeSubject: true });
    await help();
    expect((await store.list()).map(({ caseId }) => caseId)).toEqual(['C-1', 'C-2']);
  });

  test('takes over nothing of what the rule could not do about the first subject', async () => {
    const { help, store } = await fought([detection({ mode: 'enforce' }), stripped({ unfit: 'not for users' })]);
    await help();
    expect((await store.detections('C-2')).map(({ unfit, playbook }) => ({ unfit, playbook }))).toEqual([
      { unfit: undefined, playbook: 'contain' },
    ]);
  });

  test('keeps nobody from putting the deny back where IAM does not say who it is, and that is told', async () => {
    const { deps, store, clock } = await fought([stripped({ mode: 'enforce' })], {
      state: 'needs-human',
      fighting: true,
    });
    const throttled = async () => {
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    const { newCaseId, flow, whyProtected } = deps;
    const answer = await verifyCase(
      {
        store,
        clock,
        settleSeconds: 30,
        endpointIsAws: true,
        escalation: { newCaseId, flow, whyProtected, lookup: { getUser: throttled, getRole: throttled } },
        verify: async () => ({
          kind: 'seen',
          steps: [],
          unexpected: [],
          unavailable: [],
          stoodSeconds: 0,
          progress: FIRST_VERIFY,
          next: { kind: 'reassert' },
        }),
      },
      { caseId: 'C-1', planVersion: 1 },
    );
    expect(answer).toMatchObject({ next: 'contain', pass: 'reassert' });
    expect((await store.verifications('C-1')).at(-1)?.text).toContain('could not be given a case: ThrottlingException');
  });
});
