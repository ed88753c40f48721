import type { Figure } from '../bench/figure.ts';
import { fight } from './adversary.ts';
import { KINDS } from './cast.ts';
import { crashEverywhere } from './crash-points.ts';
import { flood, loop, storm } from './crowds.ts';
import { restoreExactly } from './exact-restore.ts';
import { atLeast, atMost, none, type Runs } from './figures.ts';
import { injectAll } from './inject.ts';
import { interleave, type Scene } from './interleave.ts';
import { type Interleavings, interleaveFrom, interleaveInProcesses } from './interleave-many.ts';
import { findLambdaNode } from './lambda-node.ts';

/** How much of each: a share in the tests, all of it for the figures. */
export type Size = {
  readonly share: number;
  readonly everyCrash: number;
  readonly baselines: number;
  readonly interleavings: number;
  readonly ofOneUser: number;
  readonly processes: number;
  readonly subjects: number;
  readonly ticks: number;
  readonly fights: number;
  readonly noise: number;
};

export const FULL: Size = {
  share: 1.1,
  everyCrash: 1,
  baselines: 10_000,
  interleavings: 50_000,
  ofOneUser: 10_000,
  processes: 2,
  subjects: 10_000,
  ticks: 1_000,
  fights: 1_000,
  noise: 1_000,
};
export const SMALL: Size = {
  share: 0.012,
  everyCrash: 151,
  baselines: 200,
  interleavings: 200,
  ofOneUser: 60,
  processes: 0,
  subjects: 200,
  ticks: 40,
  fights: 25,
  noise: 100,
};

/** What was found, and the figures that say so. */
export type Found = { readonly figures: readonly Figure[]; readonly violations: readonly string[] };
type FaultBench = (of: Runs & { readonly size: Size }) => Promise<Found>;

export const FAULT_BENCHES: Readonly<Record<string, FaultBench>> = {
  async faults({ size, ...runs }) {
    const { faults, violations } = await injectAll({ ...runs, share: size.share });
    const least = size.share >= 1 ? 1_000 : 50;
    return {
      violations,
      figures: [
        atLeast(
          'faults',
          'faults injected: each call of a containment, each fault, once and from then on',
          faults,
          least,
        ),
        none('faults', 'false success, or another broken invariant', violations),
      ],
    };
  },
  async crashes({ size, ...runs }) {
    const { points, violations } = await crashEverywhere(KINDS, { ...runs, nth: size.everyCrash });
    return {
      violations,
      figures: [
        atLeast('crashes', 'crash points of contain, lock and restore: before, after, caller lost', points, 50),
        none('crashes', 'that do not converge to the undisturbed end', violations),
      ],
    };
  },
  async baselines({ size, ...runs }) {
    const { changed, violations } = await restoreExactly({ ...runs, count: size.baselines });
    return {
      violations,
      figures: [
        atLeast('baselines', 'random baselines that a containment changed', changed, Math.floor(size.baselines * 0.9)),
        none('baselines', 'not given back byte for byte', violations),
      ],
    };
  },
  async interleavings({ size, seed, progress }) {
    const node = size.processes === 0 ? undefined : await findLambdaNode({ tell: progress });
    const run = async (scene: Scene, count: number) => {
      const of = { from: seed, count };
      if (node !== undefined) return interleaveInProcesses({ ...of, scene, node, processes: size.processes, progress });
      const told = (done: number) => progress(`${done} interleavings`);
      return { ...(await interleaveFrom((one) => interleave(scene, one), { ...of, progress: told })), cpuSeconds: 0 };
    };
    const [begin, cpu] = [performance.now(), process.cpuUsage()];
    const cases = await run('two-cases', size.interleavings);
    const { user, system } = process.cpuUsage(cpu);
    const seconds = Math.round((performance.now() - begin) / 1_000);
    const cores = Math.round(((user + system) / 1_000_000 + cases.cpuSeconds) / 2);
    const ofOneUser = await run('one-user', size.ofOneUser);
    const violations = [...cases.violations, ...ofOneUser.violations];
    const different = ({ prints }: Interleavings) => new Set(prints).size;
    return {
      violations,
      figures: [
        atLeast(
          'interleavings',
          'different ones of two cases, a duplicate and a release',
          different(cases),
          size.interleavings,
        ),
        { bench: 'interleavings', what: 'crashes that they met', value: cases.crashes.toLocaleString('en') },
        {
          ...atMost(
            'interleavings',
            'their time on two cores (processor time / 2; other work runs beside it)',
            cores,
            60,
            ' s',
          ),
          value: `${cores} s (${seconds} s by the clock, Node ${node?.version ?? process.versions.node})`,
        },
        atLeast(
          'interleavings',
          'different ones of one user who is detected twice',
          different(ofOneUser),
          size.ofOneUser,
        ),
        none('interleavings', 'violations of I1 to I7, of either', violations),
      ],
    };
  },
  async storm({ size, ...runs }) {
    const { touched, breakerPages, otherPages, events, failures } = await storm({ ...runs, subjects: size.subjects });
    const violations = failures.map(String);
    return {
      violations,
      figures: [
        atLeast('storm', 'subjects with an event to be contained for', events, size.subjects),
        atMost('storm', 'of them acted on', touched, 5),
        atMost('storm', 'pages of the storm', breakerPages, 1),
        atMost('storm', 'pages of single subjects', otherPages, 5),
      ],
    };
  },
  async loop({ size, ...runs }) {
    const { mostAnHour, hours, failures } = await loop({ ...runs, ticks: size.ticks });
    return {
      violations: failures.map(String),
      figures: [
        atMost(
          'loop',
          `containments of one subject in any hour, ${size.ticks} ticks in ${hours.toFixed(1)} h`,
          mostAnHour,
          3,
        ),
      ],
    };
  },
  async adversary({ size, seed, progress }) {
    const violations: string[] = [];
    const waits: number[] = [];
    let [twice, silent] = [0, 0];
    for (let n = 0; n < size.fights; n += 1) {
      if (n % 100 === 0) progress(`${n} of ${size.fights} fights`);
      const fought = await fight(seed + n);
      if (fought.twice) twice += 1;
      if (fought.silent) silent += 1;
      if (fought.pagedAfter !== undefined && !fought.silent) waits.push(fought.pagedAfter);
      violations.push(...fought.violations.map((one) => `seed ${seed + n}: ${one}`));
    }
    const reverted = violations.filter((one) => one.includes('contained'));
    const slowest = Math.max(0, ...waits) / 1_000;
    return {
      violations,
      figures: [
        atLeast('adversary', 'fights with a second reversal', twice, Math.floor(size.fights / 3)),
        none('adversary', 'called contained while reverted', reverted),
        {
          ...atMost('adversary', 'slowest page after the second reversal', slowest, 10, ' s'),
          within: slowest <= 10 && violations.length === 0,
        },
        {
          bench: 'adversary',
          what: 'not told, for they could not be told from IAM’s own delay (and it stands)',
          value: String(silent),
        },
      ],
    };
  },
  async flood({ size, ...runs }) {
    const { alone, flooded } = await flood({ ...runs, events: size.noise });
    return {
      violations: [],
      figures: [
        atMost(
          'flood',
          `retries of the deny while ${size.noise} calls of somebody else fail`,
          flooded.attempts - alone.attempts,
          1,
        ),
        {
          bench: 'flood',
          what: 'until the deny, alone and flooded',
          value: `${alone.milliseconds} and ${flooded.milliseconds} ms`,
        },
      ],
    };
  },
};
