import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Alert } from '../alerts/alert.ts';
import type { Approval, Case, Detection, Verification } from '../cases/case.ts';
import type { LastRelease, SeenRelease } from '../cases/last-release.ts';
import type { Plan } from '../containment/plan.ts';
import { type Breaker, type Budget, type CaseStore, type OutboxItem, StaleCaseError } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import { INDEX_PARTITION, type Key, keys } from './case-items.ts';
import { createHolds } from './holds.ts';
import { fromItem, getItem, getItems, type Item, queryItems, toItem, transact } from './items.ts';
import { createLeases, fenceCheck, fenceLost } from './lease.ts';
import { readLedger } from './ledger.ts';
import { createMarks, markIn } from './marks.ts';

/** 100 items is DynamoDB's limit for a transaction; seven are the case and what else may go with it, holds not counted. */
const MARKS_A_TRANSACTION = 93;

/** The case store on DynamoDB. */
export function createCaseStore(
  client: DynamoDBClient,
  tables: { readonly cases: string; readonly state: string },
  clock: Pick<Clock, 'now'>,
): CaseStore {
  const table = tables.cases;
  const marks = createMarks(client, tables.state, clock);
  const { writing: holding, ending, ...reminders } = createHolds(client, table);

  const read = async <T>(key: Key): Promise<T | undefined> => {
    const item = await getItem(client, table, key);
    return item === undefined ? undefined : fromItem<T>(item);
  };
  const readAll = async <T>(caseId: string, prefix: string): Promise<T[]> =>
    (await queryItems(client, table, `CASE#${caseId}`, prefix)).map((item) => fromItem<T>(item));

  const put = (key: Key, value: object, condition?: string): TransactWriteItem => ({
    Put: {
      TableName: table,
      Item: toItem({ ...key, ...value }),
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
    },
  });
  /** Only on top of the revision that was read. */
  const putOnTop = (key: Key, next: { readonly revision: number }): TransactWriteItem => ({
    Put: {
      TableName: table,
      Item: toItem({ ...key, ...next }),
      ConditionExpression: next.revision === 1 ? 'attribute_not_exists(pk)' : 'revision = :before',
      ...(next.revision === 1 ? {} : { ExpressionAttributeValues: marshall({ ':before': next.revision - 1 }) }),
    },
  });
  const putCase = (next: Case): TransactWriteItem => putOnTop(keys.case(next.caseId), next);
  const telling = ({ caseId, version }: Case, alert: Alert | undefined): readonly TransactWriteItem[] =>
    alert === undefined ? [] : [put(keys.outbox(caseId, version), { alert }, 'attribute_not_exists(pk)')];
  const putBreaker = (next: Breaker): TransactWriteItem => putOnTop(keys.breaker, next);
  /** The subject may have another open case by now, whose claim is not ours to end. */
  const freeing = ({ caseId, subject }: Case): TransactWriteItem => ({
    Delete: {
      TableName: table,
      Key: marshall(keys.openCase(subject.key)),
      ConditionExpression: 'attribute_not_exists(pk) OR caseId = :case',
      ExpressionAttributeValues: marshall({ ':case': caseId }),
    },
  });
  /** Nobody has released the subject since it was decided. */
  const stillReleased = ({ subjectKey, last }: SeenRelease): TransactWriteItem => ({
    ConditionCheck: {
      TableName: table,
      Key: marshall(keys.lastRelease(subjectKey)),
      ...(last === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#at = :at',
            ExpressionAttributeNames: { '#at': 'at' },
            ExpressionAttributeValues: marshall({ ':at': last.at }),
          }),
    },
  });
  const commit = async (caseId: string, writes: readonly TransactWriteItem[]): Promise<void> => {
    if ((await transact(client, writes)) !== undefined) {
      throw new StaleCaseError(`${caseId} was changed by somebody else meanwhile.`);
    }
  };
  const caseOf = (caseId: string): Promise<Case | undefined> => read<Case>(keys.case(caseId));

  return {
    ...createLeases(client, table, clock),
    ...reminders,
    async standing(subjectKey, ruleId, releaseKeys = [subjectKey]) {
      const [mark, claim, ...releases] = await getItems(client, [
        { table: tables.state, key: keys.mark(subjectKey, ruleId) },
        { table, key: keys.openCase(subjectKey) },
        ...releaseKeys.map((key) => ({ table, key: keys.lastRelease(key) })),
      ]);
      return {
        mark: mark === undefined ? undefined : markIn(mark),
        claim: claim === undefined ? undefined : claimIn(claim),
        releases: releaseKeys.map((key, index) => {
          const last = releases[index];
          return { subjectKey: key, last: last === undefined ? undefined : fromItem<LastRelease>(last) };
        }),
      };
    },
    countEvent: marks.countEvent,
    read: caseOf,
    async claim(subjectKey) {
      const item = await getItem(client, table, keys.openCase(subjectKey));
      return item === undefined ? undefined : claimIn(item);
    },
    async list() {
      const rows = await queryItems(client, table, INDEX_PARTITION, 'CASE#');
      const cases = await Promise.all(rows.map((row) => caseOf(fromItem<{ caseId: string }>(row).caseId)));
      return cases.filter((found) => found !== undefined);
    },
    detections: (caseId) => readAll<Detection>(caseId, 'DETECTION#'),
    plan: (caseId, version) => read<Plan>(keys.plan(caseId, version)),
    approval: (caseId, planVersion) => read<Approval>(keys.approval(caseId, planVersion)),
    verifications: (caseId) => readAll<Verification>(caseId, 'VERIFY#'),
    ledger: (caseId) => readLedger(client, table, caseId),
    outbox: (caseId) => readAll<OutboxItem>(caseId, 'OUTBOX#'),

    join({ next, isNew, detection, mode, brought, mark: before, releases = [], alert, holds = [] }) {
      const { caseId, subject } = next;
      const opening = [
        put(keys.openCase(subject.key), { caseId }, 'attribute_not_exists(pk)'),
        put(keys.index(next.openedAt, caseId), { caseId }),
      ];
      const mark = marks.joining({
        subjectKey: subject.key,
        ruleId: detection.ruleId,
        eventId: detection.eventId,
        caseId,
        mode,
        joinedAt: detection.detectedAt,
        joinedBefore: before?.joinedAt,
        brought,
      });
      return commit(caseId, [
        putCase(next),
        ...(isNew ? opening : []),
        put(keys.detection(caseId, detection.ruleId, detection.eventId), detection),
        mark,
        ...telling(next, alert),
        ...holding(next, holds),
        ...releases.map(stillReleased),
      ]);
    },

    async advance({ next, alert, plan, approval, breaker, clearMarks, freeSubject, holds = [], letsGo }) {
      const { caseId, subject } = next;
      const clearing = clearMarks === true ? next.ruleIds.map((ruleId) => marks.clearing(subject.key, ruleId)) : [];
      const beside = [...holding(next, holds), ...(freeSubject === true ? await ending(next) : [])];
      const together = MARKS_A_TRANSACTION - beside.length;
      // A case of very many rules clears the rest beforehand: should the case then not be written, an event joins once more.
      for (let from = together; from < clearing.length; from += 100) {
        await transact(client, clearing.slice(from, from + 100));
      }
      await commit(caseId, [
        putCase(next),
        ...telling(next, alert),
        ...(plan === undefined ? [] : [put(keys.plan(caseId, plan.version), plan, 'attribute_not_exists(pk)')]),
        ...(approval === undefined ? [] : [put(keys.approval(caseId, approval.planVersion), approval)]),
        ...(breaker === undefined ? [] : [putBreaker(breaker)]),
        ...clearing.slice(0, together),
        ...beside,
        ...(freeSubject === true ? [freeing(next)] : []),
        ...(letsGo === undefined ? [] : [put(keys.lastRelease(subject.key), letsGo)]),
      ]);
    },

    async putVerification(caseId, verification) {
      await transact(client, [put(keys.verification(caseId, verification.at), verification)]);
    },

    async budget(subjectKey) {
      return (await read<Budget>(keys.budget(subjectKey))) ?? { actions: {}, revision: 0 };
    },
    async putBudget(next, lease) {
      const refusal = await transact(client, [fenceCheck(table, lease), putOnTop(keys.budget(lease.subjectKey), next)]);
      if (refusal === undefined) return;
      if (refusal.codes[0] === 'ConditionalCheckFailed') throw fenceLost(lease);
      throw new StaleCaseError(`The budget of ${lease.subjectKey} was changed by somebody else meanwhile.`);
    },

    async breaker() {
      return (await read<Breaker>(keys.breaker)) ?? { passed: {}, revision: 0 };
    },
    async putBreaker(next, alert) {
      const page = alert === undefined ? [] : [put(keys.outbox(alert.caseId, alert.caseVersion), { alert })];
      if ((await transact(client, [putBreaker(next), ...page])) !== undefined) {
        throw new StaleCaseError('The breaker was changed by somebody else meanwhile.');
      }
    },
  };
}

function claimIn(item: Item): string {
  return fromItem<{ readonly caseId: string }>(item).caseId;
}
