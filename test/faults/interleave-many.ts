import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Interleaving } from './interleave.ts';

export type Interleavings = {
  /** One number a course of events; equal courses have equal ones. */
  readonly prints: readonly number[];
  readonly crashes: number;
  readonly violations: readonly string[];
};
type Message =
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'done'; readonly result: Interleavings }
  | { readonly kind: 'failed'; readonly message: string };

const EVERY = 1_000;

export async function interleaveFrom(
  one: (seed: number) => Promise<Interleaving>,
  of: { readonly from: number; readonly count: number; readonly progress: (done: number) => void },
): Promise<Interleavings> {
  const prints: number[] = [];
  const violations: string[] = [];
  let crashes = 0;
  for (let seed = of.from; seed < of.from + of.count; seed += 1) {
    const found = await one(seed);
    prints.push(found.print);
    crashes += found.crashes;
    violations.push(...found.violations.map((violation) => `seed ${seed}: ${violation}`));
    if ((seed - of.from + 1) % EVERY === 0) of.progress(seed - of.from + 1);
  }
  return { prints, crashes, violations };
}

/** The same on several threads, each with a part of the seeds. */
export async function interleaveInThreads(of: {
  readonly from: number;
  readonly count: number;
  readonly threads: number;
  readonly progress: (text: string) => void;
}): Promise<Interleavings> {
  const program = await bundle();
  const share = Math.ceil(of.count / of.threads);
  const parts = await Promise.all(
    Array.from({ length: of.threads }, (_, thread) => {
      const from = of.from + thread * share;
      const count = Math.min(share, of.from + of.count - from);
      const tell = (done: number) => of.progress(`thread ${thread + 1}: ${done} of ${count} interleavings`);
      return inThread(program, { from, count }, tell);
    }),
  );
  return {
    prints: parts.flatMap(({ prints }) => prints),
    crashes: parts.reduce((sum, { crashes }) => sum + crashes, 0),
    violations: parts.flatMap(({ violations }) => violations),
  };
}

function inThread(
  program: URL,
  workerData: { readonly from: number; readonly count: number },
  tell: (done: number) => void,
): Promise<Interleavings> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, {
      workerData,
      // It needs nothing of what this process was started with: a loader of TypeScript would only cost it time.
      execArgv: [],
      // A world lives for milliseconds: with room for a dozen of them hardly one is alive when the young are collected. With
      // more, two threads take each other's place in the processor's cache.
      resourceLimits: { maxYoungGenerationSizeMb: 24 },
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('A thread ended before it was done.')));
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') return tell(message.done);
      if (message.kind === 'failed') return reject(new Error(message.message));
      resolve(message.result);
    });
  });
}

/** One text without imports: what teaches a thread TypeScript would also make every function of it slower. */
async function bundle(): Promise<URL> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./interleave-worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['esbuild'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('file:///');" },
    logLevel: 'silent',
  });
  const text = outputFiles.map((file) => file.text).join('');
  return new URL(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}
