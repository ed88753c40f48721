import { remediationDefinition } from '../../infra/constructs/remediation-definition.ts';
import type { AccessEvent } from '../../shared/access/access-event.ts';
import type { Alert } from '../../shared/alerts/alert.ts';
import { deliverAlert } from '../../shared/alerts/deliver-alert.ts';
import { createRetry } from '../../shared/aws/iam-retry.ts';
import { createResources } from '../../shared/aws/resources/create-resources.ts';
import { findAdministratorBeside } from '../../shared/cases/administrator-beside.ts';
import { askApproval, expireApproval } from '../../shared/cases/ask-approval.ts';
import { containCase } from '../../shared/cases/contain-case.ts';
import { lookAtHold } from '../../shared/cases/end-hold.ts';
import { type Evaluated, evaluateRecord } from '../../shared/cases/evaluate-record.ts';
import { createFollowPerson } from '../../shared/cases/follow-person.ts';
import { type Answer, type Order, operate } from '../../shared/cases/operate.ts';
import { planCase } from '../../shared/cases/plan-case.ts';
import { recordFailure } from '../../shared/cases/record-failure.ts';
import { restoreCase, verifyReleaseCase } from '../../shared/cases/restore-case.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import { touchedBy } from '../../shared/cases/touched-by.ts';
import { verifyCase } from '../../shared/cases/verify-case.ts';
import type { Mode } from '../../shared/config/policy.ts';
import type { Call } from '../../shared/containment/call.ts';
import { contain } from '../../shared/containment/contain.ts';
import { hashPlan } from '../../shared/containment/hash-plan.ts';
import { inlineNamesOf, planContainment, thingsOf } from '../../shared/containment/plan-containment.ts';
import { playbookActions } from '../../shared/containment/playbooks.ts';
import { readDocuments, readSubject } from '../../shared/containment/read-subject.ts';
import { resourceKindOf } from '../../shared/containment/resource.ts';
import { restore } from '../../shared/containment/restore.ts';
import { rotationMoved } from '../../shared/containment/rotation-moved.ts';
import { verify } from '../../shared/containment/verify.ts';
import { verifyRestore } from '../../shared/containment/verify-restore.ts';
import { whyAdministrator } from '../../shared/containment/why-administrator.ts';
import { createPeople } from '../../shared/identity-center/people.ts';
import { isJsonObject, type Json } from '../../shared/json.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Flow, FlowInput } from '../../shared/ports/flow.ts';
import type { Iam } from '../../shared/ports/iam.ts';
import type { Resources } from '../../shared/ports/resources.ts';
import type { RuleHeader } from '../../shared/rules/rule.ts';
import { createRandom } from '../bench/traffic/random.ts';
import { rule } from './case-scene.ts';
import { createFakeIam, QUARANTINE_ARN } from './fake-iam.ts';
import { CENTER, type FakeIdentityCenter } from './fake-identity-center.ts';
import { createFakeResources } from './fake-resources.ts';
import { lostByAdvancing, lostByJoining } from './lost.ts';
import { createMemoryCaseStore, type MemoryCaseStore, noRows } from './memory-case-store.ts';
import { runMachine } from './run-machine.ts';
import { thingOf } from './thing-of.ts';
import { type Crash, createTimeline, inTurn, type Process } from './timeline.ts';

export const START = '2026-11-21T02:00:02.000Z';
const ONCALL = 'arn:aws:iam::111122223333:user/oncall';

const MACHINE = remediationDefinition({
  functions: { plan: 'plan', contain: 'contain', revert: 'revert', verify: 'verify', restore: 'restore' },
  approvalTimeoutSeconds: 3600,
  longestHoldSeconds: 32 * 86_400,
  taskTimeoutSeconds: 90,
  // Waking it changes nothing, and would only cost turns.
  wakesContain: false,
});

export type WholeWorldOptions = {
  readonly seed: number;
  readonly order: 'any-order' | 'by-time';
  readonly callMilliseconds?: () => number;
  readonly crashes?: ReadonlyMap<number, Crash>;
  readonly tell?: (line: string) => void;
  readonly rules?: readonly RuleHeader[];
  readonly answers?: Readonly<
    Record<string, { readonly playbook: string; readonly mode: Mode; readonly forSeconds?: number }>
  >;
  readonly breakerSubjects?: number;
  readonly settleSeconds?: number;
  /** How old what IAM tells is. */
  readonly readLagMilliseconds?: () => number;
  readonly attachQuota?: number;
  readonly endpointIsAws?: boolean;
  readonly protectedKeys?: ReadonlySet<string>;
  /** The organisation's guard stands over the account; not unless told. */
  readonly guarded?: boolean;
  /** Identity Center, in which Rescind may act. */
  readonly center?: (clock: Clock) => FakeIdentityCenter;
  /** Who administers the account is read, as it is on AWS. Without it nobody relies on the subject, which saves a dozen calls. */
  readonly asksForAdministrators?: boolean;
  /** Hears of each alert at the moment at which it is written. */
  readonly watch?: (alert: Alert) => void;
};

/** A call of ours that changes something, or tries to. */
export type TimedWrite = Call & { readonly at: number; readonly function: string };

/** A change that was about to be made although nothing says so. */
export type Unrecorded = { readonly operation: string; readonly input: string };

/**
 * Rescind as it is deployed, without an AWS: the real domain, the real state machine, IAM and tables in memory. Every
 * call of every function waits for its turn, may crash, and is made again by whoever makes it again on AWS.
 */
export function createWholeWorld(options: WholeWorldOptions) {
  const { seed, order, rules = [rule()], answers = {}, breakerSubjects = 100, settleSeconds = 30 } = options;
  const { protectedKeys = new Set<string>(), endpointIsAws = true, asksForAdministrators = false } = options;
  const { guarded = false } = options;
  const random = createRandom(seed);
  const timeline = createTimeline({ start: START, random, order, ...picked(options) });
  const { clock } = timeline;
  const lag = options.readLagMilliseconds;
  const fake = createFakeIam({
    ...(options.attachQuota === undefined ? {} : { attachQuota: options.attachQuota }),
    ...(lag === undefined ? {} : { lag: { clock, milliseconds: lag } }),
  });
  const rows = noRows();
  const resources = createFakeResources();
  const center = options.center?.(clock);
  const store = createMemoryCaseStore(clock, undefined, { copies: false, rows });
  const executions = new Map<string, 'running' | 'succeeded' | 'failed'>();
  const waitingFor = new Map<string, (answer: Json) => void>();
  const sent: Alert[] = [];
  const unrecorded: Unrecorded[] = [];
  const lost: string[] = [];
  const writes: TimedWrite[] = [];
  const results: { readonly eventId: string; readonly results: readonly Evaluated[] | 'parked' }[] = [];
  const answered: { readonly order: Order; readonly answer: Answer }[] = [];
  const failures: unknown[] = [];
  let cases = 0;
  const newCaseId = (): string => {
    cases += 1;
    return `C-${cases}`;
  };
  let numbered = 0;

  /** What goes on by itself; a fault of it is one of the bench, or of the code that it carries out. */
  const background = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => failures.push(error));
  };

  /** One run of a function, from its call until it answers or is lost. */
  function run<T>(name: string, work: (process: Process) => Promise<T>): Promise<T> {
    // Lost, it may go on where nobody waits for it any more.
    return new Promise((resolve, reject) => {
      work(timeline.spawn(name, reject)).then(resolve, reject);
    });
  }
  /** Called again by whoever called: Lambda's queue, a stream, a person. */
  async function persistently<T>(name: string, work: (process: Process) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(name, work);
      } catch (error) {
        if (attempt === 8) throw error;
        await clock.sleep(1_000);
      }
    }
  }

  /** The tables, each alert that is written in them starting its delivery. */
  const tables: MemoryCaseStore = {
    ...store,
    join: (write) =>
      store.join(write).then(() => {
        lost.push(...lostByJoining(write));
        streamed(write.alert);
      }),
    advance: (write) => {
      const before = rows.cases.get(write.next.caseId)?.meta;
      return store.advance(write).then(() => {
        lost.push(...lostByAdvancing(before, write));
        streamed(write.alert);
      });
    },
    putBreaker: (next, alert) => store.putBreaker(next, alert).then(() => streamed(alert)),
  };
  /** As a function sees them: each call in its turn. */
  const storeOf = (process: Process): MemoryCaseStore =>
    inTurn(tables, timeline.call, process, {
      asIs: {
        // What a ledger refused it knows from its last reading: that is no call.
        ledgerOf: (...of) => {
          const ledger = store.ledgerOf(...of);
          return inTurn(ledger, timeline.call, process, { prefix: 'ledger.', asIs: { refused: ledger.refused } });
        },
      },
    });
  /** As the table's stream: what was written is told, whatever became of the writer, and one after the other. */
  const streamed = (alert: Alert | undefined): void => {
    if (alert === undefined) return;
    options.watch?.(alert);
    const before = streams.get(alert.caseId) ?? Promise.resolve();
    const delivery = before.then(() => deliver(alert));
    streams.set(alert.caseId, delivery);
    background(delivery);
  };
  const streams = new Map<string, Promise<unknown>>();
  const deliver = (alert: Alert) =>
    persistently('notify', (process) =>
      deliverAlert(
        {
          outbox: inTurn(store.alerts, timeline.call, process, { prefix: 'outbox.' }),
          publisher: inTurn({ publish: async (one: Alert) => void sent.push(one) }, timeline.call, process),
          clock,
        },
        alert,
      ),
    );

  const iamOf = (process: Process) => {
    const iam = fake.iamWith(
      createRetry({
        clock: timeline.clockOf(process),
        random: () => random.below(1_000) / 1_000,
        budgetMilliseconds: 10_000,
      }),
    );
    const recorded: Iam = {
      ...iam,
      execute: async (call) => {
        record(process, call);
        return iam.execute(call);
      },
    };
    return inTurn(recorded, timeline.call, process, { prefix: 'iam.' });
  };

  const resourcesOf = (process: Process): Resources => {
    const real = () => resources.resourcesWith(timeline.clockOf(process), () => random.below(1_000) / 1_000);
    const recorded: Resources = {
      read: (of) => real().read(of),
      execute: async (call) => {
        record(process, call);
        return real().execute(call);
      },
    };
    const turned = inTurn(recorded, timeline.call, process, { prefix: 'resources.' });
    if (center === undefined) return turned;
    // One of its changes is several calls, each of which takes its turn.
    const sets = createResources(async () => center.service(timeline.clockOf(process), turnOf(process)), {
      clock: timeline.clockOf(process),
      random: () => random.below(1_000) / 1_000,
    });
    const isSet = ({ arn }: { readonly arn: string }) => resourceKindOf(arn) === 'permission-set';
    return {
      read: (of) => (isSet(of) ? sets.read(of) : turned.read(of)),
      execute: async (call) => {
        if (!isSet(call.on)) return turned.execute(call);
        record(process, call);
        return sets.execute(call);
      },
    };
  };

  const turnOf =
    (process: Process) =>
    <T>(operation: string, call: () => Promise<T>): Promise<T> =>
      timeline.call(process, `sso.${operation}`, call);
  const peopleOf = (process: Process) =>
    center === undefined ? {} : { people: createPeople(center.center(turnOf(process)), CENTER, ['444455556666']) };

  /** Every change is compared with the ledger before it is made: the first invariant. */
  const record = (process: Process, call: Call): void => {
    const target = thingOf(call.operation, call.input);
    const known = [...rows.cases.values()].some(({ ledger }) =>
      [...ledger.values()].some(
        (entry) => entry.state !== 'undone' && thingOf(entry.call.operation, entry.call.input) === target,
      ),
    );
    if (!known) unrecorded.push({ operation: call.operation, input: JSON.stringify(call.input) });
    writes.push({ at: clock.now().getTime(), function: process.name, ...call });
  };

  const flowOf = (process: Process): Flow =>
    inTurn<Flow>(
      {
        async start(input) {
          startExecution(input);
        },
        async answer(taskToken, approved) {
          const resume = waitingFor.get(taskToken);
          resume?.({ approved });
          waitingFor.delete(taskToken);
          return resume === undefined ? 'gone' : 'answered';
        },
      },
      timeline.call,
      process,
      { prefix: 'flow.' },
    );

  const whyProtected = ({ key }: Subject) => (protectedKeys.has(key) ? `${key} is protected` : undefined);
  const isStopped = async () => ({ stopped: false }) as const;

  function startExecution(input: FlowInput): void {
    const name =
      input.kind === 'contain'
        ? `${input.caseId}-plan-${input.planVersion}`
        : `${input.caseId}-release-${input.release}`;
    if (executions.has(name)) return;
    executions.set(name, 'running');
    const invoke = (functionArn: string, payload: Json): Promise<Json | undefined> => {
      if (!isJsonObject(payload)) throw new Error('A function is called with an object');
      numbered += 1;
      return run(`${name} ${functionArn}`, async (process) => json(await invoked(process, functionArn, payload)));
    };
    const answerTo = (taskToken: string) =>
      new Promise<Json>((resolve) => {
        waitingFor.set(taskToken, resolve);
      });
    background(
      runMachine(MACHINE, { ...input }, { invoke, answerTo, clock, random }).then(({ kind }) => {
        executions.set(name, kind);
      }),
    );
  }

  /** The composition of functions/*​/handler.ts, over this world. */
  async function invoked(process: Process, functionArn: string, payload: Payload): Promise<unknown> {
    const of = readOf(payload.kind === 'failed' ? payload.execution : payload);
    const processClock = timeline.clockOf(process);
    const deps = { store: storeOf(process), clock: processClock };
    const iam = iamOf(process);
    const things = resourcesOf(process);
    const read = { iam, resources: things, ledger: { read: () => deps.store.ledger(of.caseId) }, clock: processClock };
    const kind = payload.kind ?? functionArn;
    switch (kind) {
      case 'plan':
        return planCase(
          {
            ...deps,
            hashPlan,
            whyProtected,
            // Nobody here relies on the subject; test/shared/containment/last-administrator.test.ts is about who does.
            mfaDevices: iam.mfaDevices,
            whyAdministrator: asksForAdministrators
              ? (subject, granted) => whyAdministrator(iam, subject, granted)
              : async () => undefined,
            isStopped,
            breakerLimits: { subjects: breakerSubjects, windowSeconds: 900 },
            makePlan: async (subject, actions, cutOff, releases, granted, touched) => {
              const snapshot = await readSubject(
                { iam, resources: things, ...peopleOf(process) },
                subject,
                inlineNamesOf(subject, actions, releases, granted, touched),
                thingsOf(actions, touched),
              );
              const documents = await readDocuments(iam, snapshot, QUARANTINE_ARN, granted);
              return planContainment({
                subject,
                actions,
                snapshot,
                documents,
                quarantinePolicyArn: QUARANTINE_ARN,
                cutOff,
                releases,
                granted,
                touched,
                guarded,
              });
            },
            ...(center === undefined
              ? {}
              : {
                  followPerson: createFollowPerson({
                    ...deps,
                    flow: flowOf(process),
                    newCaseId,
                    identityCenter: center.center(turnOf(process)),
                    center: CENTER,
                  }),
                }),
          },
          of,
        );
      case 'ask':
        return askApproval(deps, { ...of, taskToken: String(payload.taskToken) });
      case 'contain':
      case 'revert':
        return containCase(
          {
            ...deps,
            part: kind,
            isStopped,
            whyProtected,
            otherAdministrator: asksForAdministrators
              ? (subject) => findAdministratorBeside({ store: deps.store, iam }, subject)
              : async () => ({ kind: 'remains', who: 'role Admin' }),
            ledgerOf: deps.store.ledgerOf,
            contain: (ledger, mayWrite, request) =>
              contain(
                {
                  iam,
                  ledger,
                  clock: processClock,
                  mayWrite,
                  ...(kind === 'revert' ? { resources: things, ...peopleOf(process) } : {}),
                },
                { ...request, quarantinePolicyArn: QUARANTINE_ARN, sessionMarginSeconds: 60, guarded },
              ),
          },
          { ...of, pass: passOf(payload) },
        );
      case 'verify':
        return verifyCase(
          {
            ...deps,
            settleSeconds,
            endpointIsAws,
            isGuarded: () => guarded,
            escalation: { flow: flowOf(process), lookup: fake.iam, newCaseId, whyProtected },
            verify: (_caseId, request) => verify(read, request),
          },
          of,
        );
      case 'restore':
        return restoreCase(
          {
            ...deps,
            ledgerOf: deps.store.ledgerOf,
            restore: (ledger, request) => restore({ iam, resources: things, ledger }, request),
          },
          of,
        );
      case 'verify-release':
        return verifyReleaseCase(
          { ...deps, verifyRestore: (_caseId, request) => verifyRestore(read, request) },
          { ...of, round: Number(payload.round) },
        );
      case 'hold':
        return lookAtHold(
          {
            ...deps,
            rotationMoved: (subject, entries) => rotationMoved(read, subject, entries),
            timing: { sessionMarginSeconds: 60, holdUserSeconds: 36 * 3600, holdSessionSeconds: 12 * 3600 },
          },
          of,
        );
      case 'approval-expired':
        return expireApproval(deps, of);
      case 'failed':
        return recordFailure(deps, { ...idsIn(payload.execution), error: String(payload.error) });
      default:
        throw new Error(`No function answers ${String(kind)}`);
    }
  }

  return {
    timeline,
    clock,
    random,
    fake,
    resources,
    center,
    store,
    executions,
    sent,
    unrecorded,
    lost,
    writes,
    results,
    answered,
    failures,
    invocations: () => numbered,
    /** A record arrives. Which rules hold is written in the record itself, as `holds`; without it all do. */
    send(event: AccessEvent): void {
      background(
        persistently('evaluate', (process) => {
          const deps = storeOf(process);
          return evaluateRecord(
            {
              rulesThatHold: ({ holds }) => {
                const hits = rules.filter(({ id }) => !Array.isArray(holds) || holds.includes(id));
                return { hits, matches: hits, suppressed: [], undecided: [], faults: [] };
              },
              firstSeen: async () => ({ kind: 'seen' }),
              correlationsThatHold: async () => [],
              answerFor: ({ id }) => answers[id] ?? { playbook: 'contain', mode: 'enforce' },
              playbookActions,
              touchedBy,
              ownRoleIds: new Set(['AROARESCIND']),
              store: deps,
              lookup: { getUser: fake.iam.getUser, getRole: fake.iam.getRole },
              ...(center === undefined ? {} : { identityCenter: CENTER }),
              flow: flowOf(process),
              clock: timeline.clockOf(process),
              newCaseId,
            },
            event,
          );
        }).then(
          (evaluated) => void results.push({ eventId: event.eventId, results: evaluated.results }),
          () => void results.push({ eventId: event.eventId, results: 'parked' }),
        ),
      );
    },
    /** A person gives an order, and gives it again when it was lost. */
    order(given: Order, by: string = ONCALL): void {
      background(
        persistently('operate', (process) =>
          operate({ store: storeOf(process), flow: flowOf(process), clock: timeline.clockOf(process) }, given, by),
        ).then((answer) => answered.push({ order: given, answer })),
      );
    },
    background,
  };
}

export type WholeWorld = ReturnType<typeof createWholeWorld>;

type Payload = { readonly [key: string]: Json | undefined };
type Of = { readonly caseId: string; readonly planVersion: number; readonly release: number };

function readOf(payload: Json | undefined): Of {
  const { caseId, planVersion = Number.NaN, release = Number.NaN } = idsIn(payload);
  return { caseId, planVersion, release };
}

/** As they were given: a release has no plan version, and a containment no release. */
function idsIn(payload: Json | undefined): Pick<Of, 'caseId'> & Partial<Of> {
  if (!isJsonObject(payload)) throw new Error('A function is called with ids');
  const { caseId, planVersion, release } = payload;
  return {
    caseId: String(caseId),
    ...(typeof planVersion === 'number' ? { planVersion } : {}),
    ...(typeof release === 'number' ? { release } : {}),
  };
}

function passOf({ pass }: Payload): 'first' | 'detach' | 'reassert' {
  if (pass === 'first' || pass === 'detach' || pass === 'reassert') return pass;
  throw new Error(`No pass is called ${JSON.stringify(pass)}`);
}

/** What Lambda tells of an answer, member by member: a text of it, to be read again, takes three times as long. */
function json(value: unknown): Json | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((one) => json(one) ?? null);
      const told: Record<string, Json> = {};
      for (const [name, member] of Object.entries(value)) {
        const one = json(member);
        if (one !== undefined) told[name] = one;
      }
      return told;
    }
    default:
      throw new TypeError(`No function answers with a ${typeof value}`);
  }
}

function picked({ callMilliseconds, crashes, tell }: WholeWorldOptions) {
  return {
    ...(tell === undefined ? {} : { tell }),
    ...(callMilliseconds === undefined ? {} : { callMilliseconds }),
    ...(crashes === undefined ? {} : { crashes }),
  };
}
