import type { Clock } from '../../shared/ports/clock.ts';
import { FenceLostError, type Ledger, type LedgerEntry } from '../../shared/ports/ledger.ts';
import type { Around } from './fake-iam.ts';

export const TAMPERED = 'refused: its ledger entry was changed after it was written';

export type MemoryLedger = {
  /** A holder of the lease. The holders before it lose theirs: whatever they write next is refused. */
  takeLease(): Ledger;
  entries(): readonly LedgerEntry[];
  entry(key: string): LedgerEntry | undefined;
  /** Somebody writes the table: the entry is no longer believed. */
  tamper(key: string): void;
};

/** The ledger as the table keeps it, in memory: conditional intents, and a fence that every write passes. */
export function createMemoryLedger(clock: Pick<Clock, 'now'>, around: Around = (call) => call()): MemoryLedger {
  const rows = new Map<string, LedgerEntry>();
  const tampered = new Set<string>();
  let fence = 0;
  const all = () => [...rows.values()].sort((a, b) => a.order - b.order);

  const holder = (held: number): Ledger => {
    const check = (): void => {
      if (held !== fence) throw new FenceLostError(`Fence ${held} is void`);
    };
    return {
      read: () => around(async () => all().filter(({ key }) => !tampered.has(key))),
      refused: async () =>
        all()
          .filter(({ key }) => tampered.has(key))
          .map(({ key, target }) => ({ key, target, reason: TAMPERED })),
      intend: (entries) =>
        around(async () => {
          check();
          return entries.map((entry) => {
            const there = rows.get(entry.key);
            if (there !== undefined && there.state !== 'undone') return there;
            const row: LedgerEntry = {
              ...entry,
              state: 'intended',
              planVersion: held,
              intendedAt: clock.now().toISOString(),
              reasserted: 0,
            };
            rows.set(entry.key, row);
            return row;
          });
        }),
      settle: (key, { state, detail, reasserted }) =>
        around(async () => {
          check();
          const row = rows.get(key);
          if (row === undefined) throw new Error(`No entry ${key}`);
          const { detail: _before, ...rest } = row;
          rows.set(key, {
            ...rest,
            state,
            settledAt: clock.now().toISOString(),
            reasserted: row.reasserted + (reasserted === true ? 1 : 0),
            ...(detail === undefined ? {} : { detail }),
          });
        }),
    };
  };

  return {
    takeLease() {
      fence += 1;
      return holder(fence);
    },
    entries: all,
    entry: (key) => rows.get(key),
    tamper(key) {
      tampered.add(key);
    },
  };
}
