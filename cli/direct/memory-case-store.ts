import type { Alert } from '../../shared/alerts/alert.ts';
import { type Approval, type Case, type Detection, dueAt, type Verification } from '../../shared/cases/case.ts';
import type { Hold } from '../../shared/cases/hold.ts';
import type { LastRelease } from '../../shared/cases/last-release.ts';
import type { Plan } from '../../shared/containment/plan.ts';
import {
  type Breaker,
  type Budget,
  type CaseStore,
  type Lease,
  LeaseHeldError,
  MARKED_EVENTS,
  type Mark,
  type OutboxItem,
  type Reminder,
  StaleCaseError,
} from '../../shared/ports/case-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { FenceLostError, type Ledger, type LedgerEntry } from '../../shared/ports/ledger.ts';
import type { Outbox } from '../../shared/ports/outbox.ts';

export type StoreCall = { readonly name: string; readonly kind: 'read' | 'write' };

/** Runs each call, and may do something before or after it: keep what was written, or, in a test, fail. */
export type AroundStore = <T>(call: StoreCall, run: () => Promise<T>) => Promise<T>;

export type MemoryCaseStore = CaseStore & {
  readonly ledgerOf: (caseId: string, planVersion: number, lease: Lease) => Ledger;
  readonly alerts: Outbox;
};

/** Everything that a store holds. */
export type StoreRows = {
  readonly cases: Map<string, CaseRows>;
  readonly openCases: Map<string, string>;
  readonly lastReleases: Map<string, LastRelease>;
  readonly holds: Map<string, readonly Hold[]>;
  readonly reminders: Map<string, Reminder>;
  readonly marks: Map<string, Mark>;
  readonly leases: Map<string, LeaseRow>;
  readonly budgets: Map<string, Budget>;
  breaker?: Breaker;
};

export function noRows(): StoreRows {
  return {
    cases: new Map(),
    openCases: new Map(),
    lastReleases: new Map(),
    holds: new Map(),
    reminders: new Map(),
    marks: new Map(),
    leases: new Map(),
    budgets: new Map(),
  };
}

type CaseRows = {
  meta?: Case;
  readonly detections: Map<string, Detection>;
  readonly plans: Map<number, Plan>;
  readonly approvals: Map<number, Approval>;
  readonly verifications: Map<string, Verification>;
  readonly ledger: Map<string, LedgerEntry>;
  readonly outbox: Map<number, OutboxItem>;
  alerted?: number;
};

type LeaseRow = { owner?: string; expires?: number; fence: number };

/**
 * The case store with the very conditions of the one on DynamoDB; one contract runs against both. Of one process: whoever
 * keeps what it holds in a file sees to it that no other has the file.
 */
export function createMemoryCaseStore(
  clock: Pick<Clock, 'now'>,
  around?: AroundStore,
  /** `false`: what is kept and what is given out are the same objects. Ten times as fast, for those who change none. */
  { copies = true, rows: all = noRows() }: { readonly copies?: boolean; readonly rows?: StoreRows } = {},
): MemoryCaseStore {
  const copy = copies ? copied : same;
  const { cases, openCases, lastReleases, holds, reminders, marks, leases, budgets } = all;

  const markKey = (subjectKey: string, ruleId: string): string => JSON.stringify([subjectKey, ruleId]);
  const now = (): string => clock.now().toISOString();
  const doing = <T>(kind: StoreCall['kind'], name: string, run: () => T): Promise<T> => {
    const done = async () => copy(run());
    return around === undefined ? done() : around({ name, kind }, done);
  };
  const reading = <T>(name: string, run: () => T): Promise<T> => doing('read', name, run);
  const writing = <T>(name: string, run: () => T): Promise<T> => doing('write', name, run);

  const rowsOf = (caseId: string): CaseRows => {
    const found = cases.get(caseId) ?? emptyRows();
    cases.set(caseId, found);
    return found;
  };
  const sorted = <K extends string | number, V>(rows: Map<K, V>): V[] =>
    rows.size < 2 ? [...rows.values()] : [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

  const checkRevision = ({ caseId, revision }: Case): void => {
    const stored = rowsOf(caseId).meta?.revision;
    if (stored !== (revision === 1 ? undefined : revision - 1)) throw stale(caseId);
  };
  const replaceBreaker = (next: Breaker): void => {
    if (all.breaker?.revision !== (next.revision === 1 ? undefined : next.revision - 1)) throw stale('The breaker');
    all.breaker = next;
  };
  const require = (condition: boolean, caseId: string): void => {
    if (!condition) throw stale(caseId);
  };
  /** Holds that begin or move, and the reminder of what is due on the case. */
  const holdAndRemind = (next: Case, begun: readonly Hold[] = []): void => {
    const { caseId, subject } = next;
    const others = (holds.get(subject.key) ?? []).filter(
      (hold) => hold.caseId !== caseId || !begun.some(({ ruleId }) => ruleId === hold.ruleId),
    );
    holds.set(
      subject.key,
      [...others, ...begun].sort((a, b) => (holdKey(a) < holdKey(b) ? -1 : 1)),
    );
    const at = dueAt(next);
    if (at !== undefined) reminders.set(`${at}#${caseId}`, { caseId, at });
  };
  const leaseOf = (subjectKey: string): LeaseRow => {
    const found = leases.get(subjectKey) ?? { fence: 0 };
    leases.set(subjectKey, found);
    return found;
  };

  return {
    standing: (subjectKey, ruleId, releaseKeys = [subjectKey]) =>
      reading('standing', () => ({
        mark: marks.get(markKey(subjectKey, ruleId)),
        claim: openCases.get(subjectKey),
        releases: releaseKeys.map((key) => ({ subjectKey: key, last: lastReleases.get(key) })),
      })),
    countEvent: (subjectKey, ruleId, eventId, caseId) =>
      writing('countEvent', () => {
        const mark = marks.get(markKey(subjectKey, ruleId));
        if (mark === undefined || mark.caseId !== caseId || mark.events.length >= MARKED_EVENTS) return false;
        marks.set(markKey(subjectKey, ruleId), { ...mark, events: union(mark.events, [eventId]) });
        return true;
      }),
    read: (caseId) => reading('read', () => cases.get(caseId)?.meta),
    claim: (subjectKey) => reading('claim', () => openCases.get(subjectKey)),
    holds: (subjectKey) => reading('holds', () => holds.get(subjectKey) ?? []),
    due: (now) => reading('due', () => sorted(reminders).filter(({ at }) => at <= now)),
    forget: ({ at, caseId }) =>
      writing('forget', () => {
        reminders.delete(`${at}#${caseId}`);
      }),
    list: () =>
      reading('list', () =>
        [...cases.values()]
          .flatMap(({ meta }) => (meta === undefined ? [] : [meta]))
          .sort((a, b) => (`${a.openedAt}#${a.caseId}` < `${b.openedAt}#${b.caseId}` ? -1 : 1)),
      ),
    detections: (caseId) => reading('detections', () => sorted(rowsOf(caseId).detections)),
    plan: (caseId, version) => reading('plan', () => rowsOf(caseId).plans.get(version)),
    approval: (caseId, planVersion) => reading('approval', () => rowsOf(caseId).approvals.get(planVersion)),
    verifications: (caseId) => reading('verifications', () => sorted(rowsOf(caseId).verifications)),
    ledger: (caseId) => reading('ledger', () => [...rowsOf(caseId).ledger.values()].sort((a, b) => a.order - b.order)),
    outbox: (caseId) => reading('outbox', () => sorted(rowsOf(caseId).outbox)),

    join: (write) =>
      writing('join', () => {
        const { next, isNew, detection, mode, brought, mark: before, releases = [], alert, holds: begun } = copy(write);
        const { caseId, subject } = next;
        const mark = marks.get(markKey(subject.key, detection.ruleId));
        checkRevision(next);
        require(!isNew || !openCases.has(subject.key), caseId);
        require(mark === undefined || !mark.events.includes(detection.eventId), caseId);
        require(mark?.joinedAt === before?.joinedAt, caseId);
        for (const { subjectKey, last } of releases) require(lastReleases.get(subjectKey)?.at === last?.at, caseId);
        const rows = rowsOf(caseId);
        require(alert === undefined || !rows.outbox.has(next.version), caseId);
        rows.meta = next;
        if (alert !== undefined) rows.outbox.set(next.version, { alert });
        holdAndRemind(next, begun);
        if (isNew) openCases.set(subject.key, caseId);
        rows.detections.set(`${detection.ruleId}#${detection.eventId}`, detection);
        marks.set(markKey(subject.key, detection.ruleId), {
          caseId,
          mode,
          joinedAt: detection.detectedAt,
          events: union(mark?.events ?? [], [detection.eventId]),
          brought: union(mark?.brought ?? [], brought),
        });
      }),
    advance: (write) =>
      writing('advance', () => {
        const {
          next,
          alert,
          plan,
          approval,
          breaker: passed,
          clearMarks,
          freeSubject,
          holds: begun,
          letsGo,
        } = copy(write);
        const { caseId, subject, ruleIds } = next;
        const rows = rowsOf(caseId);
        const holder = openCases.get(subject.key);
        checkRevision(next);
        require(alert === undefined || !rows.outbox.has(next.version), caseId);
        require(plan === undefined || !rows.plans.has(plan.version), caseId);
        require(freeSubject !== true || holder === undefined || holder === caseId, caseId);
        if (passed !== undefined) replaceBreaker(passed);
        rows.meta = next;
        if (alert !== undefined) rows.outbox.set(next.version, { alert });
        if (plan !== undefined) rows.plans.set(plan.version, plan);
        if (approval !== undefined) rows.approvals.set(approval.planVersion, approval);
        holdAndRemind(next, begun);
        if (letsGo !== undefined) lastReleases.set(subject.key, letsGo);
        if (freeSubject === true) {
          openCases.delete(subject.key);
          holds.set(
            subject.key,
            (holds.get(subject.key) ?? []).filter((hold) => hold.caseId !== caseId),
          );
        }
        for (const ruleId of clearMarks === true ? ruleIds : []) {
          const { events = [] } = marks.get(markKey(subject.key, ruleId)) ?? {};
          marks.set(markKey(subject.key, ruleId), { events, brought: [] });
        }
      }),
    putVerification: (caseId, verification) =>
      writing('putVerification', () => {
        rowsOf(caseId).verifications.set(verification.at, copy(verification));
      }),

    acquireLease: (subjectKey, owner, forSeconds) =>
      writing('acquireLease', () => {
        const row = leaseOf(subjectKey);
        const seconds = Math.floor(clock.now().getTime() / 1000);
        if (row.expires !== undefined && row.expires >= seconds && row.owner !== owner) {
          throw new LeaseHeldError(`Another execution works on ${subjectKey}`);
        }
        Object.assign(row, { owner, expires: seconds + forSeconds, fence: row.fence + 1 });
        return { subjectKey, owner, fence: row.fence };
      }),
    releaseLease: ({ subjectKey, fence }) =>
      writing('releaseLease', () => {
        const row = leaseOf(subjectKey);
        if (row.fence !== fence) return;
        delete row.owner;
        delete row.expires;
      }),

    budget: (subjectKey) => reading('budget', () => budgets.get(subjectKey) ?? { actions: {}, revision: 0 }),
    putBudget: (next, { subjectKey, fence }) =>
      writing('putBudget', () => {
        if (leaseOf(subjectKey).fence !== fence) throw new FenceLostError(`Fence ${fence} is void`);
        if ((budgets.get(subjectKey)?.revision ?? 0) !== next.revision - 1) throw stale(`The budget of ${subjectKey}`);
        budgets.set(subjectKey, copy(next));
      }),

    breaker: () => reading('breaker', () => all.breaker ?? { passed: {}, revision: 0 }),
    putBreaker: (next, alert) =>
      writing('putBreaker', () => {
        replaceBreaker(copy(next));
        if (alert !== undefined) rowsOf(alert.caseId).outbox.set(alert.caseVersion, { alert: copy(alert) });
      }),

    ledgerOf: (caseId, planVersion, lease) => {
      const check = (): void => {
        if (leaseOf(lease.subjectKey).fence !== lease.fence) throw new FenceLostError(`Fence ${lease.fence} is void`);
      };
      const { ledger } = rowsOf(caseId);
      return {
        read: () => reading('ledger.read', () => [...ledger.values()].sort((a, b) => a.order - b.order)),
        refused: async () => [],
        intend: (entries) =>
          writing('ledger.intend', () => {
            check();
            return entries.map((entry) => {
              const there = ledger.get(entry.key);
              if (there !== undefined && there.state !== 'undone') return there;
              const row: LedgerEntry = {
                ...copy(entry),
                state: 'intended',
                planVersion,
                intendedAt: now(),
                reasserted: 0,
              };
              ledger.set(entry.key, row);
              return row;
            });
          }),
        settle: (key, { state, detail, reasserted }) =>
          writing('ledger.settle', () => {
            check();
            const row = ledger.get(key);
            if (row === undefined) throw new Error(`The ledger of ${caseId} has no entry ${key} to settle.`);
            const { detail: _before, ...rest } = row;
            const why = detail === undefined ? {} : { detail };
            ledger.set(key, {
              ...rest,
              ...why,
              state,
              settledAt: now(),
              history: [...(row.history ?? []), { at: now(), state, ...why }],
              reasserted: row.reasserted + (reasserted === true ? 1 : 0),
            });
          }),
      };
    },

    alerts: {
      claim: ({ caseId, caseVersion }: Alert) =>
        writing('outbox.claim', () => {
          const rows = rowsOf(caseId);
          if (rows.outbox.get(caseVersion)?.deliveredAt !== undefined) return 'delivered';
          const highest = rows.alerted ?? 0;
          if (highest > caseVersion) return 'superseded';
          if (highest === caseVersion) return 'again';
          rows.alerted = caseVersion;
          return 'first';
        }),
      settle: ({ caseId, caseVersion }, result) =>
        writing('outbox.settle', () => {
          const { outbox } = rowsOf(caseId);
          const item = outbox.get(caseVersion);
          if (item === undefined) throw new Error(`There is no alert ${caseVersion} of ${caseId}.`);
          outbox.set(caseVersion, { ...item, ...result });
        }),
    },
  };
}

function holdKey({ caseId, ruleId }: Hold): string {
  return `${caseId}#${ruleId}`;
}

function emptyRows(): CaseRows {
  return {
    detections: new Map(),
    plans: new Map(),
    approvals: new Map(),
    verifications: new Map(),
    ledger: new Map(),
    outbox: new Map(),
  };
}

function stale(what: string): StaleCaseError {
  return new StaleCaseError(`${what} was changed by somebody else meanwhile.`);
}

function union(some: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...some, ...more])];
}

/** As a table gives it back: nobody shares an object with it, and undefined members are gone. */
function copied<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}

function same<T>(value: T): T {
  return value;
}
