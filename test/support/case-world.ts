import type { AccessEvent } from '../../shared/access/access-event.ts';
import { askApproval } from '../../shared/cases/ask-approval.ts';
import { type ContainCaseDeps, containCase } from '../../shared/cases/contain-case.ts';
import { type EndHoldDeps, lookAtHold } from '../../shared/cases/end-hold.ts';
import { evaluateRecord } from '../../shared/cases/evaluate-record.ts';
import { followSessions } from '../../shared/cases/follow-sessions.ts';
import type { FindLineage } from '../../shared/cases/known-lineage.ts';
import { type Answer, type Order, operate } from '../../shared/cases/operate.ts';
import { type PlanDeps, planCase } from '../../shared/cases/plan-case.ts';
import {
  type RestoreCaseDeps,
  restoreCase,
  type VerifyReleaseDeps,
  verifyReleaseCase,
} from '../../shared/cases/restore-case.ts';
import type { PrincipalLookup } from '../../shared/cases/subject-of.ts';
import { sweepCases } from '../../shared/cases/sweep.ts';
import { touchedBy } from '../../shared/cases/touched-by.ts';
import { type VerifyCaseDeps, verifyCase } from '../../shared/cases/verify-case.ts';
import type { Answer as PolicyAnswer } from '../../shared/config/response.ts';
import type { Step } from '../../shared/containment/action.ts';
import type { ContainReport } from '../../shared/containment/contain.ts';
import { hashPlan } from '../../shared/containment/hash-plan.ts';
import type { OtherAdministrator } from '../../shared/containment/last-administrator.ts';
import { playbookActions } from '../../shared/containment/playbooks.ts';
import { FIRST_VERIFY, type VerifyReport } from '../../shared/containment/verify.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { FlowInput } from '../../shared/ports/flow.ts';
import type { Correlated } from '../../shared/rules/correlate/correlations-of.ts';
import type { RuleFault } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { FirstSeenVerdict } from '../../shared/rules/first-seen/judge-first-seen.ts';
import type { RuleHeader } from '../../shared/rules/rule.ts';
import { createFakeFlow, cutOffEntry, denyEntry, keyEntry, rule } from './case-scene.ts';
import { type AroundStore, createMemoryCaseStore } from './memory-case-store.ts';
import { TAMPERED } from './memory-ledger.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const ONCALL = 'arn:aws:iam::111122223333:user/oncall';

const steps: readonly Step[] = [
  { ...denyEntry, actionId: 'quarantine', stage: 'deny', title: 'attach the quarantine policy', fallbacks: [] },
  { ...keyEntry, actionId: 'deactivate-keys', stage: 'credentials', title: 'deactivate the key', fallbacks: [] },
];

export type WorldOptions = {
  readonly around?: AroundStore;
  /** Whether the store gives out copies, as a table does: unless told. Without, a thousand events cost a tenth. */
  readonly copies?: boolean;
  readonly rules?: readonly RuleHeader[];
  readonly answers?: Readonly<Record<string, PolicyAnswer>>;
  readonly nobodyWaits?: boolean;
  readonly subjects?: number;
  readonly newCaseId?: () => string;
  /** What is on record of sessions; nothing unless given. */
  readonly lineageOf?: FindLineage;
  readonly lookup?: PrincipalLookup;
};

/**
 * Everything about cases, with the real domain and a store in memory; only IAM is reduced to who is denied. `execute`
 * stands in for the state machine: it calls the functions in its order, each twice where a retry would.
 */
export function createCaseWorld(options: WorldOptions = {}) {
  const { rules = [rule()], answers = {}, subjects = 100 } = options;
  const clock = createVirtualClock('2026-11-21T02:00:02.000Z');
  const store = createMemoryCaseStore(clock, options.around, { copies: options.copies ?? true });
  const flow = createFakeFlow(options.nobodyWaits === undefined ? {} : { nobodyWaits: options.nobodyWaits });
  /** Subjects under the deny, as IAM knows them. */
  const denied = new Set<string>();
  /** Tokens of mallory that are cut off, by the key of what does it. */
  const cutOff = new Set<string>();
  const fates: {
    plan?: 'gone';
    contain?: ContainReport;
    verify?: VerifyReport;
    lost?: string;
    tampered?: string;
    stopped?: boolean;
    /** ARN of the policy that makes every subject an administrator. */
    administrator?: string;
    otherAdministrator?: OtherAdministrator;
  } = {};
  let cases = 0;

  /** Which rules hold is written in the record itself, as `holds`; without it all do. */
  const rulesThatHold = ({ holds }: JsonObject) => {
    const hits = rules.filter(({ id }) => !Array.isArray(holds) || holds.includes(id));
    return { hits, matches: hits, suppressed: [], undecided: [], faults: [] as readonly RuleFault[] };
  };
  const evaluateDeps = {
    rulesThatHold,
    firstSeen: async (): Promise<FirstSeenVerdict> => ({ kind: 'seen' }),
    correlationsThatHold: async (): Promise<readonly Correlated[]> => [],
    answerFor: ({ id }: RuleHeader) => answers[id] ?? { playbook: 'contain', mode: 'enforce' as const },
    playbookActions,
    touchedBy,
    ownRoleIds: new Set(['AROARESCINDCONTAIN']),
    store,
    lookup: options.lookup ?? { getUser: async () => undefined, getRole: async () => undefined },
    flow,
    clock,
    newCaseId:
      options.newCaseId ??
      (() => {
        cases += 1;
        return `C-${cases}`;
      }),
  };
  const planDeps: PlanDeps = {
    store,
    clock,
    makePlan: async () =>
      fates.plan === 'gone'
        ? { kind: 'gone', detail: 'There is no user mallory.' }
        : { kind: 'plan', steps, residual: [], unavailable: [], shortfalls: [] },
    whyAdministrator: async (_subject, granted) =>
      granted.some((grant) => grant.kind === 'policy-attached' && grant.policyArn === fates.administrator)
        ? undefined
        : fates.administrator,
    hashPlan,
    whyProtected: ({ key }) => (key === 'user:AIDABREAKGLASS' ? 'protected in rescind.yaml' : undefined),
    isStopped: async () => (fates.stopped === true ? { stopped: true, why: 'the switch is on' } : { stopped: false }),
    breakerLimits: { subjects, windowSeconds: 900 },
    ...(options.lineageOf === undefined ? {} : { lineageOf: options.lineageOf }),
  };
  const containDeps: ContainCaseDeps = {
    store,
    clock,
    isStopped: planDeps.isStopped,
    whyProtected: planDeps.whyProtected,
    otherAdministrator: async () => fates.otherAdministrator ?? { kind: 'remains', who: 'role Admin' },
    ledgerOf: store.ledgerOf,
    contain: async (ledger, mayWrite, { subject, actions, releases }) => {
      if (fates.contain !== undefined) return fates.contain;
      const answer = await mayWrite();
      if (!answer.ok) {
        const { ok: _ok, ...why } = answer;
        return { kind: 'refused', ...why };
      }
      const second = actions.includes('cut-off-tokens') ? cutOffEntry(releases) : keyEntry;
      await ledger.intend([denyEntry, second]);
      denied.add(subject.key);
      await ledger.settle(denyEntry.key, { state: 'done' });
      if (second !== keyEntry) cutOff.add(second.key);
      await ledger.settle(second.key, { state: 'done' });
      return {
        kind: 'ran',
        steps: [],
        mutatingCalls: 2,
        unapproved: [],
        shortfalls: [],
        residual: [],
        unavailable: [],
      };
    },
  };
  const verifyDeps: VerifyCaseDeps = {
    store,
    clock,
    settleSeconds: 30,
    endpointIsAws: true,
    verify: async (_caseId, { subject, progress }) =>
      fates.verify ?? {
        kind: 'seen',
        steps: [
          {
            stepKey: denyEntry.key,
            stage: 'deny',
            target: denyEntry.target,
            state: denied.has(subject.key) ? 'holds' : 'undone',
          },
        ],
        unexpected: [],
        unavailable: [],
        stoodSeconds: 30,
        progress: { ...progress, round: progress.round + 1, detached: true },
        next: { kind: 'settled' },
      },
  };
  const restoreDeps: RestoreCaseDeps = {
    store,
    clock,
    ledgerOf: store.ledgerOf,
    restore: async (ledger, { subject, withheld }) => {
      const whole = await ledger.read();
      const entries = whole.filter(({ key }) => key !== fates.tampered);
      const refused = whole
        .filter((entry) => !entries.includes(entry))
        .map(({ key, target }) => ({ key, target, reason: TAMPERED }));
      const due = entries.filter(({ key, state }) => state !== 'undone' && !withheld.some((one) => one.key === key));
      for (const { key } of due) {
        if (key === denyEntry.key) denied.delete(subject.key);
        cutOff.delete(key);
        const lost = key === fates.lost;
        await ledger.settle(
          key,
          lost ? { state: 'conflict', detail: 'no longer there: deleted' } : { state: 'undone' },
        );
      }
      return { kind: 'ran', restored: [], withheld, conflicts: [], refused, failed: [], mutatingCalls: due.length };
    },
  };
  const releaseDeps: VerifyReleaseDeps = {
    store,
    clock,
    verifyRestore: async (_caseId, { subject, withheld }) => {
      const kept = new Set(withheld.map(({ key }) => key));
      const items = [
        ...(denied.has(subject.key) && !kept.has(denyEntry.key)
          ? [{ key: denyEntry.key, target: 'user mallory', reason: 'still denied' }]
          : []),
        ...[...cutOff]
          .filter((key) => !kept.has(key))
          .map((key) => ({ key, target: 'user mallory', reason: 'still cut off' })),
      ];
      return items.length === 0 ? { kind: 'exact' } : { kind: 'different', items };
    },
  };

  const holdDeps: EndHoldDeps = {
    store,
    clock,
    timing: { sessionMarginSeconds: 60, holdUserSeconds: 36 * 3600, holdSessionSeconds: 12 * 3600 },
  };

  /** One execution from its start, until it ends or waits for a person. `twice`: every task is run a second time. */
  async function execute(input: FlowInput, { twice = false } = {}): Promise<'done' | 'waits'> {
    const task = async <T>(run: () => Promise<T>): Promise<T> => {
      if (twice) await run();
      return run();
    };
    if (input.kind === 'release') {
      for (let round = 1; round > 0; ) {
        const { next } = await task(() => restoreCase(restoreDeps, input));
        if (next !== 'verify') return next === 'hold' ? 'waits' : 'done';
        const looked = await task(() => verifyReleaseCase(releaseDeps, { ...input, round }));
        round = looked.next === 'restore' ? looked.round : 0;
      }
      return 'done';
    }
    const planned = await task(() => planCase(planDeps, input));
    if (planned.next === 'done') return 'done';
    if (planned.next === 'ask') {
      await task(() => askApproval({ store, clock }, { ...input, taskToken: `token ${input.planVersion}` }));
      return 'waits';
    }
    if (planned.next === 'watch') return look(input, { twice });
    return carryOut(input, { twice });
  }

  /** The part of an execution that follows a plan in force, or an approval. */
  async function carryOut(input: { readonly caseId: string; readonly planVersion: number }, { twice = false } = {}) {
    const task = async <T>(run: () => Promise<T>): Promise<T> => {
      if (twice) await run();
      return run();
    };
    const contained = await task(() => containCase(containDeps, { ...input, pass: 'first' }));
    if (contained.next === 'follow') await task(() => followSessions(evaluateDeps, input));
    return contained.next === 'done' ? ('done' as const) : look(input, { twice });
  }

  async function look(input: { readonly caseId: string; readonly planVersion: number }, { twice = false } = {}) {
    if (twice) await verifyCase(verifyDeps, input);
    const { next } = await verifyCase(verifyDeps, input);
    return next === 'hold' ? lookAgain(input, { twice }) : ('done' as const);
  }

  /** An execution that waits for the end of a lock wakes up. */
  async function lookAgain(
    input: { readonly caseId: string; readonly planVersion: number },
    { twice = false } = {},
  ): Promise<'done' | 'waits'> {
    if (twice) await lookAtHold(holdDeps, input);
    const { next, release } = await lookAtHold(holdDeps, input);
    if (next !== 'release') return next === 'wait' ? 'waits' : 'done';
    return execute({ kind: 'release', caseId: input.caseId, release, all: false }, { twice });
  }

  return {
    clock,
    store,
    flow,
    denied,
    cutOff,
    fates,
    evaluateDeps,
    planDeps,
    containDeps,
    verifyDeps,
    restoreDeps,
    releaseDeps,
    evaluate: (event: AccessEvent, of: { readonly reconciled?: boolean } = {}) =>
      evaluateRecord({ ...evaluateDeps, ...of }, event),
    order: (order: Order, by: string = ONCALL): Promise<Answer> => operate({ store, flow, clock }, order, by),
    holdDeps,
    execute,
    carryOut,
    lookAgain,
    sweep: () => sweepCases({ ...holdDeps, flow }),
    /** Every execution that was started and has not been run yet, in order. */
    async executeAll(of: { readonly twice?: boolean } = {}): Promise<void> {
      for (let input = flow.started.shift(); input !== undefined; input = flow.started.shift()) {
        await execute(input, of);
      }
    },
    async stateOf(caseId = 'C-1') {
      const found = await store.read(caseId);
      if (found === undefined) throw new Error(`There is no case ${caseId}`);
      return found;
    },
    /** The states that were told, in order. */
    async told(caseId = 'C-1'): Promise<readonly string[]> {
      return (await store.outbox(caseId)).map(({ alert }) => alert.state);
    },
    async versionsTold(caseId = 'C-1'): Promise<readonly number[]> {
      return (await store.outbox(caseId)).map(({ alert }) => alert.caseVersion);
    },
  };
}

export type CaseWorld = ReturnType<typeof createCaseWorld>;

export const PLAN_HASH = hashPlan(steps);
export const PLANNED: readonly Step[] = steps;

/** What verify sees of a deny that somebody took off for the second time, beyond doubt. */
export const FOUGHT: VerifyReport = {
  kind: 'seen',
  steps: [{ stepKey: denyEntry.key, stage: 'deny', target: denyEntry.target, state: 'undone' }],
  unexpected: [],
  unavailable: [],
  stoodSeconds: 0,
  progress: { ...FIRST_VERIFY, round: 3, reversals: 2, certain: true, reasserts: 1 },
  next: { kind: 'wait', seconds: 16 },
};
