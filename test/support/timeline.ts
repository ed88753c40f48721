import type { Clock } from '../../shared/ports/clock.ts';
import type { Random } from '../bench/traffic/random.ts';

/** How a call ends that a crash meets: see `Process`. */
export const CRASHES = ['before', 'after', 'orphaned'] as const;
export type Crash = (typeof CRASHES)[number];

/** One run of a function: it can die, and whoever called it then learns nothing but that. */
export type Process = {
  readonly name: string;
  /** Of its name: equal names have equal ones. */
  readonly number: number;
  readonly startedAt: number;
  alive: boolean;
  /** Tells its caller that it died, or that its caller lost it. */
  readonly lose: (error: LostError) => void;
};

type Turn = { readonly due: number; readonly process: Process | undefined; readonly label: string; go(): void };

export type TimelineOptions = {
  readonly start: string;
  readonly random: Random;
  /**
   * `any-order`: calls take no time, and whichever of those that wait comes first. `by-time`: each call takes its
   * milliseconds, and what is due first comes first.
   */
  readonly order: 'any-order' | 'by-time';
  /** How long a call takes, `by-time`. */
  readonly callMilliseconds?: () => number;
  /** Ends a process at its n-th call of all, counted from 1. */
  readonly crashes?: ReadonlyMap<number, Crash>;
  /** Hears of every call as it is made. */
  readonly tell?: (line: string) => void;
};

/** A Lambda function may run so long (infra/constructs/job-function.ts); then it is ended, wherever it is. */
const FUNCTION_MS = 60_000;
/** `any-order`: somebody who sleeps no longer than this may be faster than a call that is slow. */
const OVERTAKING_MS = 5_000;

/** `limit`: so many turns at most, or something never ends. */
type RunUntil = { readonly limit?: number; readonly until?: () => boolean };

/** `any-order`: how often somebody else has a turn before whoever acts has got to its next call. */
const SLOWER = 0.5;

const SLEEP = 'sleep';

/** A number of 32 bits that comes of the text alone, for two processes to say the same of the same course: FNV-1a. */
function numberOf(text: string): number {
  let number = NUMBERS.get(text);
  if (number === undefined) {
    number = 0x811c9dc5;
    for (let index = 0; index < text.length; index += 1) {
      number = Math.imul(number ^ text.charCodeAt(index), 0x01000193);
    }
    NUMBERS.set(text, number);
  }
  return number;
}
const NUMBERS = new Map<string, number>();

const SETTLED = Promise.resolve();

/** Its text is made once: time stands still while hundreds ask for it. */
class Instant extends Date {
  #text: string | undefined;
  override toISOString(): string {
    this.#text ??= super.toISOString();
    return this.#text;
  }
}

/** Names errors as Lambda tells them to whoever called. */
export class LostError extends Error {
  override readonly name: string;
  constructor(name: string) {
    super('the function was lost');
    this.name = name;
  }
}

/**
 * Time, and whose turn it is: every call of every process waits here, so that one seed is one course of events. Time
 * passes only when nobody has anything to do at this instant.
 */
export function createTimeline({ start, random, order, callMilliseconds = () => 40, crashes, tell }: TimelineOptions) {
  let now = new Date(start).getTime();
  let waiting: Turn[] = [];
  let calls = 0;
  // Two hashes of 32 bits over who went when: equal courses give equal prints, different ones hardly ever.
  let [low, high] = [0x811c9dc5, 0x01000193];
  /** Who did what, as one number. */
  const note = (process: Process | undefined, label: string): void => {
    const number = Math.imul(process?.number ?? 0, 0x9e3779b1) ^ numberOf(label);
    low = Math.imul(low ^ number, 0x01000193);
    high = Math.imul(high ^ (number + (low >>> 15)), 0x85ebca6b);
  };

  const wait = (due: number, process: Process | undefined, label: string): Promise<void> =>
    new Promise((resolve) => {
      if (process?.alive === false) return;
      waiting.push({ due, process, label, go: resolve });
    });
  const kill = (process: Process): void => {
    process.alive = false;
    waiting = waiting.filter((turn) => turn.process !== process);
  };

  /** A call was made: whether nobody hears its answer, for the process is no more. */
  const ended = (process: Process, crash: Crash | undefined): boolean => {
    if (crash === 'after') kill(process);
    if (crash !== undefined) process.lose(new LostError('Lambda.Unknown'));
    return !process.alive;
  };

  const make = <T>(
    process: Process,
    label: string,
    run: () => Promise<T>,
    answer: (value: T) => void,
    refuse: (error: unknown) => void,
  ): void => {
    calls += 1;
    note(process, label);
    tell?.(`${new Date(now).toISOString()} ${calls} ${process.name}: ${label} ${crashes?.get(calls) ?? ''}`);
    if (now - process.startedAt > FUNCTION_MS) {
      kill(process);
      process.lose(new LostError('Sandbox.Timedout'));
      return;
    }
    const planned = crashes?.get(calls);
    // A stream waits for its function to end, however it ends.
    const crash = planned === 'orphaned' && process.name === 'notify' ? 'after' : planned;
    if (crash === 'before') {
      kill(process);
      process.lose(new LostError('Lambda.Unknown'));
      return;
    }
    run().then(
      (value) => {
        if (!ended(process, crash)) answer(value);
      },
      (error: unknown) => {
        if (!ended(process, crash)) refuse(error);
      },
    );
  };

  /** The n-th of those that wait and are due after `after` and not after `until`. */
  const nth = (n: number, after: number, until: number): number => {
    let left = n;
    for (const [index, { due }] of waiting.entries()) {
      if (due > after && due <= until && left-- === 0) return index;
    }
    return -1;
  };
  const earliest = (): number => {
    let best = 0;
    for (const [index, { due }] of waiting.entries()) if (due < (waiting[best]?.due ?? due)) best = index;
    return best;
  };
  /** Whose turn it is, as a place among those that wait; -1 if nobody does. */
  const choose = (): number => {
    if (waiting.length === 0) return -1;
    if (order === 'by-time') return earliest();
    let [ready, soon] = [0, 0];
    for (const { due } of waiting) {
      if (due <= now) ready += 1;
      else if (due <= now + OVERTAKING_MS) soon += 1;
    }
    if (ready > 0 && (soon === 0 || !random.chance(0.02)))
      return nth(random.below(ready), Number.NEGATIVE_INFINITY, now);
    return soon > 0 ? nth(random.below(soon), now, now + OVERTAKING_MS) : earliest();
  };

  /** As `splice` does it, without a list of what was taken. */
  const takeOut = (place: number): void => {
    for (let index = place + 1; index < waiting.length; index += 1) waiting[index - 1] = waiting[index] as Turn;
    waiting.pop();
  };

  const somebodyMay = (): boolean => {
    for (const { due } of waiting) if (due <= now) return true;
    return false;
  };

  let instant = new Instant(now);
  const clockOf = (process?: Process): Clock => ({
    now: () => {
      if (instant.getTime() !== now) instant = new Instant(now);
      return instant;
    },
    sleep: (milliseconds) => wait(now + milliseconds, process, SLEEP),
  });

  return {
    clock: clockOf(),
    clockOf,
    print: (): number => (high >>> 0) * 0x200000 + (low >>> 11),
    calls: (): number => calls,
    spawn(name: string, lose: Process['lose']): Process {
      return { name, number: numberOf(name), startedAt: now, alive: true, lose };
    },
    kill,

    /** Makes a call when its turn has come. Never returns to a process that died. */
    call<T>(process: Process, label: string, run: () => Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        if (!process.alive) return;
        const due = order === 'by-time' ? now + callMilliseconds() : now;
        waiting.push({ due, process, label, go: () => make(process, label, run, resolve, reject) });
      });
    },

    /** Lets time pass until nothing is left to do. */
    run({ limit = 100_000, until = () => false }: RunUntil = {}): Promise<void> {
      let turns = 0;
      return new Promise((resolve, reject) => {
        const turn = (): void => {
          try {
            const place = until() ? -1 : choose();
            const next = waiting[place];
            if (next === undefined) {
              resolve();
              return;
            }
            if (turns >= limit) throw new Error(`Something never ends: ${turns} turns, now ${next.process?.name}`);
            turns += 1;
            takeOut(place);
            now = Math.max(now, next.due);
            if (next.label === SLEEP) note(next.process, SLEEP);
            next.go();
            goOn();
          } catch (error) {
            reject(error);
          }
        };
        // What waits for the system has its turn before time passes.
        const turnOrTime = (): void => {
          if (somebodyMay()) turn();
          else setImmediate(turn);
        };
        // Who acts now gets to its next call before anything is chosen: what a promise leaves for the next tick waits until
        // no promise is left to go on. Every other time it is slower than that, if somebody else is ready to go on.
        const atRest = (): void => process.nextTick(turnOrTime);
        const atOnce = (): void => {
          if (somebodyMay()) turn();
          else atRest();
        };
        const goOn = (): void => {
          if (order === 'by-time') setImmediate(turn);
          else if (somebodyMay() && random.chance(SLOWER)) SETTLED.then(atOnce, reject);
          else SETTLED.then(atRest, reject);
        };
        goOn();
      });
    },
  };
}

export type Timeline = ReturnType<typeof createTimeline>;

/** The same object with every method of it waiting for its turn, save those that `asIs` has instead. */
export function inTurn<T extends object>(
  target: T,
  call: Timeline['call'],
  process: Process,
  { prefix = '', asIs }: { readonly prefix?: string; readonly asIs?: Partial<T> } = {},
): T {
  return new Proxy(target, {
    get(of, name) {
      if (asIs !== undefined && name in asIs) return Reflect.get(asIs, name);
      const member: unknown = Reflect.get(of, name);
      if (typeof member !== 'function') return member;
      const label = labelOf(prefix, String(name));
      return (...parameters: unknown[]) => call(process, label, () => Reflect.apply(member, of, parameters));
    },
  });
}

/** Each made once: a text that is put together anew must be hashed anew. */
function labelOf(prefix: string, name: string): string {
  let made = LABELS.get(prefix);
  if (made === undefined) {
    made = new Map();
    LABELS.set(prefix, made);
  }
  let label = made.get(name);
  if (label === undefined) {
    label = prefix + name;
    made.set(name, label);
  }
  return label;
}
const LABELS = new Map<string, Map<string, string>>();
