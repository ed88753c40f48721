import { backtestOnce, floorOnce, type Lap } from './contenders.ts';

/** One contender, once, in a process of its own: neither heap nor warmed-up code is shared. */
export type Contender =
  | { readonly kind: 'floor'; readonly folder: string; readonly workers: number }
  | { readonly kind: 'backtest'; readonly folder: string; readonly rules: string; readonly workers: number };

process.on('message', (contender: Contender) => {
  const running: Promise<Lap> =
    contender.kind === 'floor'
      ? floorOnce(contender.folder, contender.workers)
      : backtestOnce(contender.folder, contender.rules, contender.workers);
  running.then(
    (lap) => process.send?.(lap, () => process.exit()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
// Whoever asked is gone.
process.on('disconnect', () => process.exit());
