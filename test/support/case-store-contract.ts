import { expect } from 'vitest';
import type { Alert } from '../../shared/alerts/alert.ts';
import type { Case } from '../../shared/cases/case.ts';
import type { Hold } from '../../shared/cases/hold.ts';
import type { SeenRelease } from '../../shared/cases/last-release.ts';
import { openCaseOf } from '../../shared/cases/open-case.ts';
import type { Subject } from '../../shared/cases/subject.ts';
import type { CaseStore, Lease } from '../../shared/ports/case-store.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { Outbox } from '../../shared/ports/outbox.ts';
import { denyEntry, detection, keyEntry, mallory, newCase } from './case-scene.ts';
import { lastReleaseOf, markOf } from './standing.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type StoreUnderTest = {
  readonly store: CaseStore;
  readonly ledgerOf: (caseId: string, planVersion: number, lease: Lease) => Ledger;
  readonly alerts: Outbox;
  readonly clock: VirtualClock;
};

/** One sentence of what every case store does. Each runs on a case and a subject of its own. */
export type ContractCase = {
  readonly name: string;
  readonly run: (under: StoreUnderTest, own: Own) => Promise<void>;
};

export type Own = { readonly caseId: string; readonly subject: Subject; readonly first: Case };

export function ownOf(name: string): Own {
  const slug = name.replace(/[^a-z]+/gi, '-');
  const subject = { ...mallory, key: `user:${slug}` };
  const caseId = `C-${slug}`;
  return { caseId, subject, first: newCase({ caseId, subject }) };
}

const STALE = { name: 'StaleCaseError' };
const none: readonly string[] = [];

async function opened({ store }: StoreUnderTest, { first }: Own): Promise<void> {
  await store.join({
    next: first,
    isNew: true,
    detection: detection(),
    mode: 'enforce',
    brought: ['key AKIAMALLORY1'],
    mark: undefined,
  });
}

function moved(first: Case, of: Partial<Case> = {}): Case {
  return { ...first, state: 'containing', revision: 2, version: 1, ...of };
}

function alertOf({ caseId, version, state }: Case): Alert {
  return {
    schema: 'rescind.alert/1',
    dedupId: `${caseId}#${version}`,
    caseId,
    caseVersion: version,
    state,
    severity: 'high',
    mode: 'enforce',
    account: '111122223333',
    region: 'us-east-1',
    subject: 'user mallory',
    subjectArn: mallory.arn,
    detections: [],
    steps: [],
    at: '2026-11-21T02:00:03.000Z',
  };
}

export const CASE_STORE_CONTRACT: readonly ContractCase[] = [
  {
    name: 'a join opens the case, claims the subject, keeps the detection and marks the event',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      expect(await store.read(own.caseId)).toEqual(own.first);
      expect((await openCaseOf(store, own.subject.key))?.caseId).toBe(own.caseId);
      expect(await store.detections(own.caseId)).toEqual([detection()]);
      expect(await markOf(store, own.subject.key, 'rule-a')).toEqual({
        caseId: own.caseId,
        mode: 'enforce',
        joinedAt: '2026-11-21T02:00:02.000Z',
        events: ['event-1'],
        brought: ['key AKIAMALLORY1'],
      });
      expect((await store.list()).map(({ caseId }) => caseId)).toContain(own.caseId);
    },
  },
  {
    name: 'what was never written is undefined or empty',
    async run({ store }, { caseId, subject }) {
      expect(await store.read(caseId)).toBeUndefined();
      expect(await openCaseOf(store, subject.key)).toBeUndefined();
      expect(await lastReleaseOf(store, subject.key)).toBeUndefined();
      expect(await markOf(store, subject.key, 'rule-a')).toBeUndefined();
      expect(await store.plan(caseId, 1)).toBeUndefined();
      expect(await store.approval(caseId, 1)).toBeUndefined();
      expect(await store.detections(caseId)).toEqual([]);
      expect(await store.verifications(caseId)).toEqual([]);
      expect(await store.ledger(caseId)).toEqual([]);
      expect(await store.outbox(caseId)).toEqual([]);
    },
  },
  {
    name: 'a second case on a claimed subject is refused whole',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      const other = newCase({ caseId: `${own.caseId}-2`, subject: own.subject });
      const join = {
        isNew: true,
        detection: detection({ ruleId: 'rule-b', eventId: 'event-2' }),
        mode: 'enforce',
        brought: none,
        mark: undefined,
      } as const;
      await expect(store.join({ ...join, next: other })).rejects.toMatchObject(STALE);
      expect(await store.read(other.caseId)).toBeUndefined();
      expect(await markOf(store, own.subject.key, 'rule-b')).toBeUndefined();
    },
  },
  {
    name: 'an event that is marked does not join again',
    async run(under, own) {
      await opened(under, own);
      const again = { ...own.first, revision: 2 };
      await expect(
        under.store.join({
          next: again,
          isNew: false,
          detection: detection(),
          mode: 'enforce',
          brought: none,
          mark: { joinedAt: '2026-11-21T02:00:02.000Z' },
        }),
      ).rejects.toMatchObject(STALE);
      expect((await under.store.read(own.caseId))?.revision).toBe(1);
    },
  },
  {
    name: 'a further join adds to the mark and takes its time and mode',
    async run(under, own) {
      await opened(under, own);
      const later = detection({ eventId: 'event-2', detectedAt: '2026-11-21T03:30:00.000Z' });
      await under.store.join({
        next: { ...own.first, revision: 2 },
        isNew: false,
        detection: later,
        mode: 'observe',
        brought: ['key AKIAOTHER'],
        mark: { joinedAt: '2026-11-21T02:00:02.000Z' },
      });
      const mark = await markOf(under.store, own.subject.key, 'rule-a');
      expect(mark).toMatchObject({ mode: 'observe', joinedAt: '2026-11-21T03:30:00.000Z' });
      expect([...(mark?.events ?? [])].sort()).toEqual(['event-1', 'event-2']);
      expect([...(mark?.brought ?? [])].sort()).toEqual(['key AKIAMALLORY1', 'key AKIAOTHER']);
      expect((await under.store.detections(own.caseId)).map(({ eventId }) => eventId)).toEqual(['event-1', 'event-2']);
    },
  },
  {
    name: 'a join that was decided on an older mark is refused',
    async run(under, own) {
      await opened(under, own);
      const write = {
        next: { ...own.first, revision: 2 },
        isNew: false,
        detection: detection({ eventId: 'event-2' }),
        mode: 'enforce',
        brought: none,
      } as const;
      await expect(under.store.join({ ...write, mark: undefined })).rejects.toMatchObject(STALE);
      const older = { joinedAt: '2026-11-21T01:00:00.000Z' };
      await expect(under.store.join({ ...write, mark: older })).rejects.toMatchObject(STALE);
      expect(await under.store.detections(own.caseId)).toHaveLength(1);
    },
  },
  {
    name: 'a join on an older revision is refused, and leaves neither detection nor mark',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      await store.advance({ next: moved(own.first) });
      const late = { ...own.first, revision: 2 };
      const other = detection({ ruleId: 'rule-b', eventId: 'event-2' });
      await expect(
        store.join({ next: late, isNew: false, detection: other, mode: 'enforce', brought: none, mark: undefined }),
      ).rejects.toMatchObject(STALE);
      expect(await markOf(store, own.subject.key, 'rule-b')).toBeUndefined();
      expect(await store.detections(own.caseId)).toHaveLength(1);
    },
  },
  {
    name: 'an event is counted on the mark of the case that it names, and on no other',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      expect(await store.countEvent(own.subject.key, 'rule-a', 'event-2', own.caseId)).toBe(true);
      expect(await store.countEvent(own.subject.key, 'rule-a', 'event-2', own.caseId)).toBe(true);
      expect(await store.countEvent(own.subject.key, 'rule-a', 'event-3', 'C-other')).toBe(false);
      expect(await store.countEvent(own.subject.key, 'rule-b', 'event-4', own.caseId)).toBe(false);
      expect([...((await markOf(store, own.subject.key, 'rule-a'))?.events ?? [])].sort()).toEqual([
        'event-1',
        'event-2',
      ]);
    },
  },
  {
    name: 'a mark counts 100 events and no more',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      for (let event = 2; event <= 100; event += 1) {
        expect(await store.countEvent(own.subject.key, 'rule-a', `event-${event}`, own.caseId)).toBe(true);
      }
      expect(await store.countEvent(own.subject.key, 'rule-a', 'event-101', own.caseId)).toBe(false);
      expect((await markOf(store, own.subject.key, 'rule-a'))?.events).toHaveLength(100);
    },
  },
  {
    name: 'an advance writes case, plan, approval and alert together, or nothing of it',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      const plan = {
        version: 1,
        hash: 'h1',
        steps: [],
        residual: [],
        unavailable: [],
        shortfalls: [],
        plannedAt: '2026-11-21T02:00:03.000Z',
      };
      const approval = { planVersion: 1, planHash: 'h1', taskToken: 'token', askedAt: '2026-11-21T02:00:03.000Z' };
      const next = moved(own.first);
      await store.advance({ next, plan, approval, alert: alertOf(next) });
      expect(await store.read(own.caseId)).toEqual(next);
      expect(await store.plan(own.caseId, 1)).toEqual(plan);
      expect(await store.approval(own.caseId, 1)).toEqual(approval);
      expect(await store.outbox(own.caseId)).toEqual([{ alert: alertOf(next) }]);

      // The same revision a second time, a plan or an alert a second time: each refuses all of it.
      const third = { ...next, revision: 3, version: 2 };
      await expect(store.advance({ next, alert: alertOf(third) })).rejects.toMatchObject(STALE);
      await expect(store.advance({ next: third, plan: { ...plan, hash: 'h2' } })).rejects.toMatchObject(STALE);
      await expect(store.advance({ next: { ...third, version: 1 }, alert: alertOf(next) })).rejects.toMatchObject(
        STALE,
      );
      expect(await store.read(own.caseId)).toEqual(next);
      expect((await store.plan(own.caseId, 1))?.hash).toBe('h1');
      expect(await store.outbox(own.caseId)).toHaveLength(1);
    },
  },
  {
    name: 'an ended case frees its subject and lets its rules reach a case again, without forgetting their events',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      await store.advance({ next: moved(own.first, { state: 'closed' }), clearMarks: true, freeSubject: true });
      expect(await openCaseOf(store, own.subject.key)).toBeUndefined();
      expect(await markOf(store, own.subject.key, 'rule-a')).toEqual({
        events: ['event-1'],
        brought: [],
        mark: undefined,
      });
      expect(await store.countEvent(own.subject.key, 'rule-a', 'event-2', own.caseId)).toBe(false);
    },
  },
  {
    name: 'freeing a subject that another case has claimed meanwhile is refused',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      await store.advance({ next: moved(own.first, { state: 'released' }), clearMarks: true, freeSubject: true });
      const other = newCase({ caseId: `${own.caseId}-2`, subject: own.subject });
      const second = detection({ eventId: 'event-2' });
      await store.join({
        next: other,
        isNew: true,
        detection: second,
        mode: 'enforce',
        brought: none,
        mark: undefined,
      });
      const closed = moved(own.first, { state: 'closed', revision: 3 });
      await expect(store.advance({ next: closed, freeSubject: true })).rejects.toMatchObject(STALE);
      expect((await openCaseOf(store, own.subject.key))?.caseId).toBe(other.caseId);
    },
  },
  {
    name: 'a case of 250 rules can be ended, and every mark is cleared',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      const ruleIds = ['rule-a', ...Array.from({ length: 249 }, (_, index) => `rule-${index}`)];
      const last = detection({ ruleId: 'rule-248', eventId: 'event-2' });
      const many = { ...own.first, ruleIds, revision: 2 };
      await store.join({ next: many, isNew: false, detection: last, mode: 'enforce', brought: none, mark: undefined });
      const closed = moved(many, { state: 'closed', revision: 3 });
      await store.advance({ next: closed, alert: alertOf(closed), clearMarks: true, freeSubject: true });
      expect((await store.read(own.caseId))?.state).toBe('closed');
      expect(await markOf(store, own.subject.key, 'rule-a')).toEqual({
        events: ['event-1'],
        brought: [],
        mark: undefined,
      });
      expect(await markOf(store, own.subject.key, 'rule-248')).toEqual({
        events: ['event-2'],
        brought: [],
        mark: undefined,
      });
    },
  },
  {
    name: 'a person lets a subject go together with the change of the case, or not at all, and the newest release counts',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      const { caseId, subject } = own;
      const first = { caseId, at: '2026-11-21T02:30:00.000Z' };
      const stale = { ...own.first, state: 'releasing', revision: 3 } as const;
      await expect(store.advance({ next: stale, letsGo: first })).rejects.toMatchObject(STALE);
      expect(await lastReleaseOf(store, subject.key)).toBeUndefined();
      await store.advance({ next: moved(own.first, { state: 'releasing' }), letsGo: first });
      expect(await lastReleaseOf(store, subject.key)).toEqual(first);
      expect(await lastReleaseOf(store, `${subject.key} of somebody else`)).toBeUndefined();
      // What gives the subject free is no release by itself, and takes none away.
      const released = moved(own.first, { state: 'released', revision: 3 });
      await store.advance({ next: released, clearMarks: true, freeSubject: true });
      expect(await lastReleaseOf(store, subject.key)).toEqual(first);
      const second = { caseId, at: '2026-11-21T03:30:00.000Z' };
      await store.advance({ next: moved(own.first, { state: 'releasing', revision: 4 }), letsGo: second });
      expect(await lastReleaseOf(store, subject.key)).toEqual(second);
    },
  },
  {
    name: 'a join that was decided on an older release of its subject, or of another that it depends on, is refused whole',
    async run(under, own) {
      const { store } = under;
      const { caseId, subject } = own;
      const role = ownOf(`${subject.key} is of this role`);
      await opened(under, own);
      await opened(under, role);
      const [at, later] = ['2026-11-21T02:30:00.000Z', '2026-11-21T03:30:00.000Z'];
      await store.advance({ next: moved(own.first, { state: 'releasing' }), letsGo: { caseId, at } });
      const join = (releases: readonly SeenRelease[]) =>
        store.join({
          next: { ...own.first, revision: 3 },
          isNew: false,
          detection: detection({ ruleId: 'rule-b', eventId: 'event-2' }),
          mode: 'enforce',
          brought: none,
          mark: undefined,
          releases,
        });
      const ownRelease = { subjectKey: subject.key, last: { caseId, at } };
      const ofRole = { subjectKey: role.subject.key, last: undefined };
      await expect(join([{ ...ownRelease, last: undefined }, ofRole])).rejects.toMatchObject(STALE);
      await expect(join([{ ...ownRelease, last: { caseId, at: later } }, ofRole])).rejects.toMatchObject(STALE);
      const roleRelease = { caseId: role.caseId, at: later };
      await store.advance({ next: moved(role.first, { state: 'releasing' }), letsGo: roleRelease });
      await expect(join([ownRelease, ofRole])).rejects.toMatchObject(STALE);
      expect(await store.detections(caseId)).toHaveLength(1);
      expect(await markOf(store, subject.key, 'rule-b')).toBeUndefined();
      await join([ownRelease, { ...ofRole, last: roleRelease }]);
      expect(await store.detections(caseId)).toHaveLength(2);
    },
  },
  {
    name: 'verifications come in the order of time',
    async run(under, { caseId }) {
      await under.store.putVerification(caseId, { at: '2026-11-21T02:00:09.000Z', planVersion: 1, text: 'second' });
      await under.store.putVerification(caseId, { at: '2026-11-21T02:00:08.000Z', planVersion: 1, text: 'first' });
      expect((await under.store.verifications(caseId)).map(({ text }) => text)).toEqual(['first', 'second']);
    },
  },
  {
    name: 'a lease has one holder until it expires or is given back',
    async run({ store, clock }, { subject: { key } }) {
      const lease = await store.acquireLease(key, 'one', 90);
      await expect(store.acquireLease(key, 'two', 90)).rejects.toMatchObject({ name: 'LeaseHeldError' });
      clock.advance(90_000);
      await expect(store.acquireLease(key, 'two', 90)).rejects.toMatchObject({ name: 'LeaseHeldError' });
      clock.advance(1_000);
      const second = await store.acquireLease(key, 'two', 90);
      expect(second.fence).toBeGreaterThan(lease.fence);
      // What comes late from the first holder does not end the second's.
      await store.releaseLease(lease);
      await expect(store.acquireLease(key, 'three', 90)).rejects.toMatchObject({ name: 'LeaseHeldError' });
      await store.releaseLease(second);
      expect((await store.acquireLease(key, 'three', 90)).fence).toBeGreaterThan(second.fence);
    },
  },
  {
    name: 'its own holder takes a lease again with a new fence, and its twin can write no more',
    async run({ store, ledgerOf }, { caseId, subject: { key } }) {
      const twin = ledgerOf(caseId, 1, await store.acquireLease(key, 'one', 90));
      await twin.intend([denyEntry]);
      const ledger = ledgerOf(caseId, 1, await store.acquireLease(key, 'one', 90));
      await expect(twin.settle(denyEntry.key, { state: 'done' })).rejects.toMatchObject({ name: 'FenceLostError' });
      await expect(twin.intend([keyEntry])).rejects.toMatchObject({ name: 'FenceLostError' });
      await ledger.settle(denyEntry.key, { state: 'done' });
      expect((await store.ledger(caseId)).map(({ key: entry, state }) => [entry, state])).toEqual([
        ['quarantine#mallory', 'done'],
      ]);
    },
  },
  {
    name: 'the budget of a subject is written on top of what was read, and only by the holder of its lease',
    async run({ store }, { subject: { key } }) {
      expect(await store.budget(key)).toEqual({ actions: {}, revision: 0 });
      const twin = await store.acquireLease(key, 'one', 90);
      const lease = await store.acquireLease(key, 'one', 90);
      const first = { actions: { 'C-1-plan-1': '2026-11-21T02:00:00.000Z' }, revision: 1 };
      await expect(store.putBudget(first, twin)).rejects.toMatchObject({ name: 'FenceLostError' });
      expect((await store.budget(key)).revision).toBe(0);
      await store.putBudget(first, lease);
      expect(await store.budget(key)).toEqual(first);
      await expect(store.putBudget(first, lease)).rejects.toMatchObject(STALE);
      await expect(store.putBudget({ actions: {}, revision: 3 }, lease)).rejects.toMatchObject(STALE);
      const second = { actions: { ...first.actions, 'C-1-plan-2': '2026-11-21T02:10:00.000Z' }, revision: 2 };
      await store.putBudget(second, lease);
      expect(await store.budget(key)).toEqual(second);
      expect(await store.budget(`${key} of somebody else`)).toEqual({ actions: {}, revision: 0 });
    },
  },
  {
    name: 'the first prior value stands until it was given back; then what is there is a new baseline',
    async run({ store, ledgerOf }, { caseId, subject: { key } }) {
      const ledger = ledgerOf(caseId, 1, await store.acquireLease(key, 'one', 90));
      await ledger.intend([keyEntry]);
      const ours = { ...keyEntry, prior: { status: 'Inactive' } };
      const [kept] = await ledger.intend([ours]);
      expect(kept?.prior).toEqual({ status: 'Active' });
      await ledger.settle(keyEntry.key, { state: 'undone' });
      const [replaced] = await ledger.intend([ours]);
      expect(replaced).toMatchObject({ prior: { status: 'Inactive' }, state: 'intended', reasserted: 0 });
    },
  },
  {
    name: 'the ledger keeps every settling, and is read in the order of its entries',
    async run({ store, ledgerOf, clock }, { caseId, subject: { key } }) {
      const ledger = ledgerOf(caseId, 3, await store.acquireLease(key, 'one', 90));
      await ledger.intend([keyEntry, denyEntry]);
      clock.advance(1_000);
      await ledger.settle(keyEntry.key, { state: 'failed', detail: 'Throttling: slow down' });
      await ledger.settle(keyEntry.key, { state: 'done', reasserted: true });
      const [deny, credential] = await ledger.read();
      expect(deny).toMatchObject({ key: 'quarantine#mallory', planVersion: 3, state: 'intended' });
      expect(credential).toMatchObject({ state: 'done', reasserted: 1 });
      expect(credential?.detail).toBeUndefined();
      expect(credential?.history?.map(({ state }) => state)).toEqual(['failed', 'done']);
      await expect(ledger.settle('never written', { state: 'done' })).rejects.toThrow('no entry never written');
    },
  },
  {
    name: 'an older alert never follows a newer one, and a lost answer sends a second copy',
    async run(under, own) {
      await opened(under, own);
      const { store, alerts } = under;
      const second = moved(own.first);
      const third = moved(own.first, { state: 'contained', revision: 3, version: 2 });
      for (const next of [second, third]) await store.advance({ next, alert: alertOf(next) });
      expect(await alerts.claim(alertOf(second))).toBe('first');
      expect(await alerts.claim(alertOf(second))).toBe('again');
      expect(await alerts.claim(alertOf(third))).toBe('first');
      expect(await alerts.claim(alertOf(second))).toBe('superseded');
      await alerts.settle(alertOf(second), { superseded: true });
      await alerts.settle(alertOf(third), { deliveredAt: '2026-11-21T02:01:00.000Z' });
      expect(await alerts.claim(alertOf(third))).toBe('delivered');
      expect((await store.outbox(own.caseId)).map(({ deliveredAt, superseded }) => [deliveredAt, superseded])).toEqual([
        [undefined, true],
        ['2026-11-21T02:01:00.000Z', undefined],
      ]);
    },
  },
  {
    name: 'holds of a subject are kept with their case, moved, and end when it frees the subject',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      const lock: Hold = {
        caseId: own.caseId,
        ruleId: 'rule-a',
        playbook: 'lock',
        startedAt: '2026-11-21T02:00:02.000Z',
        until: '2026-11-21T06:00:02.000Z',
      };
      const { until: _until, ...contain } = { ...lock, ruleId: 'rule-b', playbook: 'contain' };
      expect(await store.holds(own.subject.key)).toEqual([]);
      await store.advance({ next: moved(own.first), holds: [contain, lock] });
      expect(await store.holds(own.subject.key)).toEqual([lock, contain]);
      const longer = { ...lock, until: '2026-11-21T08:00:02.000Z' };
      await expect(store.advance({ next: moved(own.first), holds: [longer] })).rejects.toMatchObject(STALE);
      expect(await store.holds(own.subject.key)).toEqual([lock, contain]);
      await store.join({
        next: moved(own.first, { revision: 3 }),
        isNew: false,
        detection: detection({ eventId: 'event-2' }),
        mode: 'enforce',
        brought: [],
        mark: { joinedAt: '2026-11-21T02:00:02.000Z' },
        holds: [longer],
      });
      expect(await store.holds(own.subject.key)).toEqual([longer, contain]);
      await store.advance({
        next: moved(own.first, { state: 'released', revision: 4 }),
        clearMarks: true,
        freeSubject: true,
      });
      expect(await store.holds(own.subject.key)).toEqual([]);
    },
  },
  {
    name: 'what is due on a case by itself is found once its time has come, until it is forgotten',
    async run(under, own) {
      await opened(under, own);
      const { store } = under;
      const due = async (now: string) =>
        (await store.due(now)).filter(({ caseId }) => caseId === own.caseId).map(({ at }) => at);
      const [early, late] = ['2026-11-21T06:00:02.000Z', '2026-11-22T06:00:02.000Z'];
      expect(await due('2030-01-01T00:00:00.000Z')).toEqual([]);
      await store.advance({ next: moved(own.first, { until: early }) });
      expect(await due('2026-11-21T06:00:01.999Z')).toEqual([]);
      expect(await due(early)).toEqual([early]);
      await store.advance({ next: moved(own.first, { until: late, revision: 3 }) });
      expect(await due('2026-11-30T00:00:00.000Z')).toEqual([early, late]);
      await store.forget({ caseId: own.caseId, at: early });
      await store.forget({ caseId: own.caseId, at: early });
      expect(await due('2026-11-30T00:00:00.000Z')).toEqual([late]);
    },
  },
];

/** The one breaker is shared by all cases, so its sentences are told together. */
export async function breakerContract(under: StoreUnderTest): Promise<void> {
  const { store } = under;
  expect(await store.breaker()).toEqual({ passed: {}, revision: 0 });
  const first = { passed: { 'user:A': '2026-11-21T02:00:00.000Z' }, revision: 1 };
  await store.putBreaker(first);
  expect(await store.breaker()).toEqual(first);
  await expect(store.putBreaker({ passed: {}, revision: 1 })).rejects.toMatchObject(STALE);
  await expect(store.putBreaker({ passed: {}, revision: 3 })).rejects.toMatchObject(STALE);
  const page = { ...alertOf(newCase()), caseId: 'BREAKER', caseVersion: 2, dedupId: 'BREAKER#2' };
  const open = { ...first, openedAt: '2026-11-21T02:01:00.000Z', revision: 2 };
  await store.putBreaker(open, page);
  expect(await store.breaker()).toEqual(open);
  expect(await store.outbox('BREAKER')).toEqual([{ alert: page }]);
  await expect(store.putBreaker({ ...open, revision: 2 }, { ...page, caseVersion: 9 })).rejects.toMatchObject(STALE);
  expect(await store.outbox('BREAKER')).toHaveLength(1);

  const own = ownOf('passes the breaker');
  await opened(under, own);
  const next = moved(own.first);
  const passed = { passed: { [own.subject.key]: '2026-11-21T02:02:00.000Z' }, revision: 3 };
  await expect(store.advance({ next, breaker: { ...passed, revision: 2 } })).rejects.toMatchObject(STALE);
  expect(await store.read(own.caseId)).toEqual(own.first);
  await store.advance({ next, breaker: passed });
  expect(await store.breaker()).toEqual(passed);
  await expect(store.advance({ next, breaker: { ...passed, revision: 4 } })).rejects.toMatchObject(STALE);
  expect(await store.breaker()).toEqual(passed);
}
