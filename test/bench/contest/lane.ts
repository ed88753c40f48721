import { backtestContender, type Contender, floorContender, type Outcome } from './contenders.ts';

/** A process of its own for one contender, so that neither heap nor warmed-up code is shared. It moves when it is told to. */
export type LaneSetup =
  | { readonly kind: 'floor'; readonly files: readonly string[]; readonly workers: number }
  | { readonly kind: 'backtest'; readonly folder: string; readonly rules: string; readonly workers?: number };

/** A number of files to go through, or the word that there are no more. */
export type LaneOrder = { readonly setup: LaneSetup } | { readonly files: number } | { readonly end: true };
export type LaneAnswer = {
  readonly milliseconds: number;
  readonly more: boolean;
  readonly outcome?: Outcome;
};

let contender: Contender | undefined;

async function obey(order: LaneOrder): Promise<LaneAnswer> {
  if ('setup' in order) {
    contender = contenderOf(order.setup);
    return { milliseconds: 0, more: true };
  }
  if (contender === undefined) throw new Error('The lane has no contender yet.');
  const start = performance.now();
  if ('files' in order) {
    const more = await contender.go(order.files);
    return { milliseconds: performance.now() - start, more };
  }
  const outcome = await contender.end();
  return { milliseconds: performance.now() - start, more: false, outcome };
}

function contenderOf(setup: LaneSetup): Contender {
  return setup.kind === 'floor'
    ? floorContender(setup.files, setup.workers)
    : backtestContender(setup.folder, setup.rules, setup.workers);
}

process.on('message', (order: LaneOrder) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
