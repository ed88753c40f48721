import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type LedgerOwner, macMessage } from '../containment/mac-message.ts';
import type { Lease } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, LedgerEntry, NewLedgerEntry } from '../ports/ledger.ts';
import type { Mac } from '../ports/mac.ts';
import { keys } from './case-items.ts';
import { queryItems, toItem, transact } from './items.ts';
import { fenceCheck, fenceLost } from './lease.ts';
import { judgeEntries, openEntry, type SealedEntry } from './sealed-entry.ts';

/** 100 items is DynamoDB's limit for a transaction; one is the fence. */
const ENTRIES_A_TRANSACTION = 99;

/** The entries of a case in their order, to be shown: nothing says that they are as contain wrote them. */
export async function readLedger(
  client: DynamoDBClient,
  table: string,
  caseId: string,
): Promise<readonly LedgerEntry[]> {
  const items = await queryItems(client, table, `CASE#${caseId}`, 'LEDGER#');
  return items.map((item) => openEntry(item)).sort((a, b) => a.order - b.order);
}

/**
 * The ledger of one case in the cases table. Every write carries the fence of the lease it was made under, every new
 * entry a code over what a release will write; what is read is acted upon only if its code is right.
 */
export function createLedger(
  client: DynamoDBClient,
  table: string,
  clock: Pick<Clock, 'now'>,
  mac: Mac,
  of: { readonly caseId: string; readonly planVersion: number; readonly lease: Lease },
): Ledger {
  const { caseId, planVersion, lease } = of;
  const owner: LedgerOwner = { caseId, subjectKey: lease.subjectKey };
  // Transactions that check the same fence at the same time cancel each other: one after the other is faster.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next;
    return next;
  };

  /** Entries that were there already are not written; the answer says which were. */
  const intendSome = async (entries: readonly NewLedgerEntry[]): Promise<readonly LedgerEntry[]> => {
    const intendedAt = clock.now().toISOString();
    // All codes at once: each is a round trip that the deny has to wait for.
    let pending: readonly SealedEntry[] = await Promise.all(
      entries.map(async (entry) => {
        const row: LedgerEntry = { ...entry, state: 'intended', planVersion, intendedAt, reasserted: 0 };
        return { ...row, mac: await mac.generate(macMessage(owner, row)) };
      }),
    );
    while (pending.length > 0) {
      const refusal = await transact(client, [
        fenceCheck(table, lease),
        ...pending.map((row) => ({
          Put: {
            TableName: table,
            Item: toItem({ ...keys.ledger(caseId, row.key), ...row }),
            // What was given back is a new baseline; anything else keeps its first prior value.
            ConditionExpression: 'attribute_not_exists(pk) OR #state = :undone',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: marshall({ ':undone': 'undone' }),
          },
        })),
      ]);
      if (refusal === undefined) return pending.map(({ mac: _code, ...entry }) => entry);
      if (refusal.codes[0] === 'ConditionalCheckFailed') throw fenceLost(lease);
      pending = pending.filter((_, index) => refusal.codes[index + 1] !== 'ConditionalCheckFailed');
    }
    return [];
  };

  const look = async () => judgeEntries(await queryItems(client, table, `CASE#${caseId}`, 'LEDGER#'), owner, mac);
  let looked: ReturnType<typeof look> | undefined;
  const lookAgain = () => {
    looked = look();
    return looked;
  };

  return {
    read: async () => (await lookAgain()).entries,
    refused: async () => (await (looked ?? lookAgain())).refused,
    intend: (entries) =>
      inTurn(async () => {
        const written: LedgerEntry[] = [];
        for (let from = 0; from < entries.length; from += ENTRIES_A_TRANSACTION) {
          written.push(...(await intendSome(entries.slice(from, from + ENTRIES_A_TRANSACTION))));
        }
        if (written.length === entries.length) return written;
        const wanted = new Set(entries.map((entry) => entry.key));
        return (await lookAgain()).entries.filter((entry) => wanted.has(entry.key));
      }),
    settle: (key, result) =>
      inTurn(async () => {
        const at = clock.now().toISOString();
        // Without its code an undone entry cannot be made to look done again: see macMessage.
        const removed = [
          ...(result.detail === undefined ? ['detail'] : []),
          ...(result.state === 'undone' ? ['mac'] : []),
        ];
        const removing = removed.length === 0 ? '' : ` REMOVE ${removed.join(', ')}`;
        const refusal = await transact(client, [
          fenceCheck(table, lease),
          {
            Update: {
              TableName: table,
              Key: marshall(keys.ledger(caseId, key)),
              UpdateExpression: `SET #state = :state, settledAt = :at, history = list_append(if_not_exists(history, :none), :settling)${result.detail === undefined ? '' : ', detail = :detail'}${removing} ADD reasserted :again`,
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeNames: { '#state': 'state' },
              ExpressionAttributeValues: marshall({
                ':state': result.state,
                ':at': at,
                ':none': [],
                ':settling': [
                  { at, state: result.state, ...(result.detail === undefined ? {} : { detail: result.detail }) },
                ],
                ...(result.detail === undefined ? {} : { ':detail': result.detail }),
                ':again': result.reasserted === true ? 1 : 0,
              }),
            },
          },
        ]);
        if (refusal === undefined) return;
        if (refusal.codes[0] === 'ConditionalCheckFailed') throw fenceLost(lease);
        throw new Error(`The ledger of ${caseId} has no entry ${key} to settle.`);
      }),
  };
}
