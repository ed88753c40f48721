import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Outcome } from './contenders.ts';
import type { LaneAnswer, LaneOrder, LaneSetup } from './lane.ts';

export type Lap = { readonly milliseconds: number; readonly outcome: Outcome };

/** Files that a lane goes through before it is the next one's turn: about a tenth of a second. */
const STRIDE = 8;

/**
 * One lap over the same files for each lane. They take turns every few files, so that a busy moment of the machine
 * slows all of them alike; a lane with threads of its own cannot be stopped on the way and goes through in one.
 */
export async function race(setups: readonly LaneSetup[]): Promise<Lap[]> {
  const lanes = await Promise.all(setups.map(openLane));
  try {
    const running = new Set(lanes);
    while (running.size > 0) {
      for (const lane of running) {
        const { more } = await lane.move({ files: lane.strides ? STRIDE : Number.MAX_SAFE_INTEGER });
        if (!more) running.delete(lane);
      }
    }
    const laps: Lap[] = [];
    for (const lane of lanes) {
      const { outcome = { records: 0 } } = await lane.move({ end: true });
      laps.push({ milliseconds: lane.milliseconds(), outcome });
    }
    return laps;
  } finally {
    for (const lane of lanes) lane.child.kill();
  }
}

type Lane = {
  readonly child: ChildProcess;
  readonly strides: boolean;
  readonly move: (order: LaneOrder) => Promise<LaneAnswer>;
  readonly milliseconds: () => number;
};

async function openLane(setup: LaneSetup): Promise<Lane> {
  const child = fork(join(import.meta.dirname, 'lane.ts'), { execArgv: ['--import', 'tsx'] });
  let total = 0;
  const move = async (order: LaneOrder): Promise<LaneAnswer> => {
    const ended = new AbortController();
    const answered = once(child, 'message', { signal: ended.signal });
    const failed = once(child, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('A lane ended before it answered.');
    });
    child.send(order);
    try {
      const [answer]: LaneAnswer[] = await Promise.race([answered, failed]);
      if (answer === undefined) throw new Error('A lane gave no answer.');
      total += answer.milliseconds;
      return answer;
    } finally {
      ended.abort();
      await Promise.allSettled([answered, failed]);
    }
  };
  await move({ setup });
  return { child, move, strides: setup.workers === 1, milliseconds: () => total };
}
