import { DeleteItemCommand, type DynamoDBClient, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type Case, dueAt } from '../cases/case.ts';
import type { Hold } from '../cases/hold.ts';
import type { Reminder } from '../ports/case-store.ts';
import { DUE_PARTITION, type Key, keys } from './case-items.ts';
import { fromItem, queryItems, queryUpTo, toItem } from './items.ts';

/** Of a case with more holds than this the rest is left behind: a hold of a case that has ended holds nobody. */
const ENDED_AT_ONCE = 60;

/** Holds on subjects and reminders of what is due, in the cases table. Each changes only together with its case. */
export function createHolds(client: DynamoDBClient, table: string) {
  const put = (key: Key, value: object): TransactWriteItem => ({
    Put: { TableName: table, Item: toItem({ ...key, ...value }) },
  });
  const holds = async (subjectKey: string): Promise<readonly Hold[]> =>
    (await queryItems(client, table, `SUBJECT#${subjectKey}`, 'HOLD#')).map((item) => fromItem<Hold>(item));

  return {
    holds,

    async due(now: string): Promise<readonly Reminder[]> {
      // `~` comes after every letter of a case id.
      const items = await queryUpTo(client, table, DUE_PARTITION, `${now}#~`);
      return items.map((item) => fromItem<Reminder>(item));
    },

    async forget(reminder: Reminder): Promise<void> {
      await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(keys.due(reminder)) }));
    },

    /** Parts of the transaction that writes the case: holds that begin or move, and when something is due on it. */
    writing(next: Case, begun: readonly Hold[]): readonly TransactWriteItem[] {
      const at = dueAt(next);
      return [
        ...begun.map((hold) => put(keys.hold(next.subject.key, hold), hold)),
        ...(at === undefined ? [] : [put(keys.due({ at, caseId: next.caseId }), { at, caseId: next.caseId })]),
      ];
    },

    /** Parts of the transaction that ends the case's claim on its subject. */
    async ending({ caseId, subject }: Case): Promise<readonly TransactWriteItem[]> {
      const own = (await holds(subject.key)).filter((hold) => hold.caseId === caseId);
      return own
        .slice(0, ENDED_AT_ONCE)
        .map((hold) => ({ Delete: { TableName: table, Key: marshall(keys.hold(subject.key, hold)) } }));
    },
  };
}
