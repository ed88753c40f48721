import { describe, expect, it } from 'vitest';
import { askApproval, expireApproval } from '../../../shared/cases/ask-approval.ts';
import { containCase } from '../../../shared/cases/contain-case.ts';
import { lookAtHold } from '../../../shared/cases/end-hold.ts';
import { openCaseOf } from '../../../shared/cases/open-case.ts';
import { planCase } from '../../../shared/cases/plan-case.ts';
import { restoreCase, verifyReleaseCase } from '../../../shared/cases/restore-case.ts';
import { verifyCase } from '../../../shared/cases/verify-case.ts';
import type { Mode } from '../../../shared/config/policy.ts';
import type { Answer } from '../../../shared/config/response.ts';
import { LeaseHeldError } from '../../../shared/ports/case-store.ts';
import { accessEvent, rule } from '../../support/case-scene.ts';
import { type CaseWorld, createCaseWorld } from '../../support/case-world.ts';
import { markOf } from '../../support/standing.ts';

/** What dies in the middle, and is called again by whoever called it. */
type Task = (world: CaseWorld) => Promise<unknown>;
type Flow = {
  readonly name: string;
  readonly mode: Mode;
  /** What both rules answer with; `contain` unless told. */
  readonly answer?: Pick<Answer, 'playbook' | 'forSeconds'>;
  readonly tasks: readonly Task[];
  readonly told: readonly string[];
};

const V1 = { caseId: 'C-1', planVersion: 1 };
const R1 = { caseId: 'C-1', release: 1 };
const evaluate: Task = (world) => world.evaluate(accessEvent());
const plan: Task = ({ planDeps }) => planCase(planDeps, V1);
const contain: Task = ({ containDeps }) => containCase(containDeps, { ...V1, pass: 'first' });
const verify: Task = ({ verifyDeps }) => verifyCase(verifyDeps, V1);
const ask: Task = (world) => askApproval(world, { ...V1, taskToken: 'token' });
const expire: Task = (world) => expireApproval(world, V1);
const release: Task = (world) => world.order({ kind: 'release', caseId: 'C-1', all: false });
const restore: Task = ({ restoreDeps }) => restoreCase(restoreDeps, R1);
const verifyRelease: Task = ({ releaseDeps }) => verifyReleaseCase(releaseDeps, { ...R1, round: 1 });
const close: Task = (world) => world.order({ kind: 'close', caseId: 'C-1', verdict: 'true-positive' });
const approve: Task = (world) => world.order({ kind: 'approve', caseId: 'C-1' });
const reject: Task = (world) => world.order({ kind: 'reject', caseId: 'C-1' });

const look: Task = ({ holdDeps }) => lookAtHold(holdDeps, V1);
const hours =
  (count: number): Task =>
  async ({ clock }) =>
    clock.advance(count * 3_600_000);
const LOCK = { playbook: 'lock', forSeconds: 14_400 } as const;
const locked: readonly Task[] = [evaluate, plan, contain, verify, hours(4)];

const FLOWS: readonly Flow[] = [
  {
    name: 'locked, and released in two stages',
    mode: 'enforce',
    answer: LOCK,
    tasks: [...locked, look, restore, verifyRelease, restore, hours(37), restore, verifyRelease, close],
    told: ['containing', 'contained', 'releasing', 'releasing', 'released', 'closed'],
  },
  {
    name: 'locked, extended, and released by a person between the stages',
    mode: 'enforce',
    answer: LOCK,
    tasks: [
      evaluate,
      plan,
      contain,
      verify,
      (world) => extendOnce(world),
      hours(6),
      look,
      restore,
      verifyRelease,
      release,
      ({ restoreDeps }) => restoreCase(restoreDeps, { ...R1, release: 2 }),
      ({ releaseDeps }) => verifyReleaseCase(releaseDeps, { ...R1, release: 2, round: 1 }),
    ],
    told: ['containing', 'contained', 'contained', 'releasing', 'releasing', 'releasing', 'released'],
  },
  {
    name: 'contained, released and closed',
    mode: 'enforce',
    tasks: [evaluate, plan, contain, verify, release, restore, verifyRelease, close],
    told: ['containing', 'contained', 'releasing', 'released', 'closed'],
  },
  {
    name: 'approved and contained',
    mode: 'approve',
    tasks: [evaluate, plan, ask, approve, contain, verify],
    told: ['awaiting-approval', 'containing', 'contained'],
  },
  {
    name: 'rejected and closed',
    mode: 'approve',
    tasks: [evaluate, plan, ask, reject, close],
    told: ['awaiting-approval', 'needs-human', 'closed'],
  },
  {
    name: 'never answered',
    mode: 'approve',
    tasks: [evaluate, plan, ask, expire],
    told: ['awaiting-approval', 'needs-human'],
  },
  { name: 'observed', mode: 'observe', tasks: [evaluate, plan], told: ['open'] },
];

/** A person who does not know whether it was extended looks, and asks again only if it was not. */
async function extendOnce(world: CaseWorld): Promise<void> {
  const holds = await world.store.holds('user:AIDAMALLORY');
  if (holds.some(({ extensions = [] }) => extensions.length > 0)) return;
  await world.order({ kind: 'extend', caseId: 'C-1', seconds: 7200 });
}

type Crash = { readonly write: number; readonly when: 'before' | 'after' };

async function run({ mode, tasks, answer = { playbook: 'contain' } }: Flow, crash?: Crash) {
  let writes = 0;
  const world = createCaseWorld({
    newCaseId: () => 'C-1',
    rules: [rule(), rule({ id: 'rule-b' })],
    answers: { 'rule-a': { ...answer, mode }, 'rule-b': { ...answer, mode } },
    around: async (call, go) => {
      if (call.kind === 'read') return go();
      writes += 1;
      const dies = writes === crash?.write;
      if (dies && crash.when === 'before') throw new Error('crash');
      const result = await go();
      if (dies) throw new Error('crash');
      return result;
    },
  });
  for (const task of tasks) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await task(world);
        break;
      } catch (error) {
        if (attempt === 3) throw error;
        // The lease of the one that died runs out before somebody else may work on the subject.
        if (error instanceof LeaseHeldError) world.clock.advance(91_000);
      }
    }
    // A person who was told to come back in a minute does.
    world.clock.advance(91_000);
    if (task === close && (await world.stateOf()).state !== 'closed') await task(world);
  }
  const found = await world.stateOf();
  const { store } = world;
  const approval = await store.approval('C-1', 1);
  return {
    writes,
    end: {
      state: found.state,
      outcome: found.outcome,
      version: found.version,
      planVersion: found.planVersion,
      releases: found.releases,
      ruleIds: [...found.ruleIds].sort(),
      withheld: found.release?.withheld,
      approved: approval?.answer?.approved,
      cases: (await store.list()).length,
      open: (await openCaseOf(store, 'user:AIDAMALLORY'))?.caseId,
      mark: await markOf(store, 'user:AIDAMALLORY', 'rule-b').then((mark) => [mark?.caseId, mark?.events]),
      detections: (await store.detections('C-1')).map(({ ruleId }) => ruleId),
      ledger: (await store.ledger('C-1')).map(({ key, state, prior }) => [key, state, prior]),
      passed: Object.keys((await store.breaker()).passed),
      denied: [...world.denied],
      cutOff: [...world.cutOff],
      holds: (await store.holds('user:AIDAMALLORY')).map(({ ruleId, playbook }) => [ruleId, playbook]),
      executions: world.flow.names(),
      told: await world.told(),
      versionsTold: await world.versionsTold(),
    },
  };
}

describe.each(FLOWS)('a case that is $name', (flow) => {
  it('tells each change of state once', async () => {
    const { end } = await run(flow);
    expect(end.told).toEqual(flow.told);
    expect(end.versionsTold).toEqual(flow.told.map((_, index) => index + 1));
  });

  it('comes to the same end when it dies before or after any write', async () => {
    const { writes, end } = await run(flow);
    expect(writes).toBeGreaterThan(2);
    for (let write = 1; write <= writes; write += 1) {
      for (const when of ['before', 'after'] as const) {
        expect({ write, when, ...(await run(flow, { write, when })).end }).toEqual({ write, when, ...end });
      }
    }
  });
});

describe('a lock whose execution is lost', () => {
  /** Locked by both rules; then only sweep is left, which dies at one of its writes and comes by again until all is done. */
  async function sweptTo(crash?: Crash) {
    let counting = false;
    let writes = 0;
    const world = createCaseWorld({
      newCaseId: () => 'C-1',
      answers: { 'rule-a': { ...LOCK, mode: 'enforce' } },
      around: async (call, go) => {
        if (call.kind === 'read' || !counting) return go();
        writes += 1;
        const dies = writes === crash?.write;
        if (dies && crash.when === 'before') throw new Error('crash');
        const result = await go();
        if (dies) throw new Error('crash');
        return result;
      },
    });
    for (const task of locked) await task(world);
    counting = true;
    const died: unknown[] = [];
    const keep = (error: unknown): void => {
      died.push(error);
    };
    // Every half hour for two days, which is when the last token has expired.
    for (let turn = 0; turn < 96; turn += 1) {
      await world
        .sweep()
        .then(() => world.executeAll())
        .catch(keep);
      world.clock.advance(1_800_001);
    }
    const { state, releases } = await world.stateOf();
    return { writes, died: died.length, releases, end: [state, ...world.denied, ...world.cutOff] };
  }

  it('ends all the same, wherever sweep and what it starts die', async () => {
    const { writes, died, end } = await sweptTo();
    expect([died, end]).toEqual([0, ['released']]);
    for (let write = 1; write <= writes; write += 1) {
      for (const when of ['before', 'after'] as const) {
        const swept = await sweptTo({ write, when });
        expect({ write, when, died: swept.died, end: swept.end }).toEqual({ write, when, died: 1, end: ['released'] });
      }
    }
  });
});
