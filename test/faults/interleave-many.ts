import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Interleaving, Scene } from './interleave.ts';
import type { NodeProgram } from './lambda-node.ts';

export type Interleavings = {
  /** One number a course of events; equal courses have equal ones. */
  readonly prints: readonly number[];
  readonly crashes: number;
  readonly violations: readonly string[];
};
type Message =
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'done'; readonly result: Interleavings; readonly cpuSeconds: number };

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

/** The same in several processes, each with a part of the seeds; `cpuSeconds`: of all of them. */
export async function interleaveInProcesses(of: {
  readonly from: number;
  readonly count: number;
  readonly scene: Scene;
  readonly node: NodeProgram;
  readonly processes: number;
  readonly progress: (text: string) => void;
}): Promise<Interleavings & { readonly cpuSeconds: number }> {
  const program = await bundle();
  const share = Math.ceil(of.count / of.processes);
  const stop = new AbortController();
  const parts = await Promise.all(
    Array.from({ length: of.processes }, (_, index) => {
      const from = of.from + index * share;
      const count = Math.min(share, of.from + of.count - from);
      const tell = (done: number) => of.progress(`process ${index + 1}: ${done} of ${count} interleavings`);
      return inProcess(of.node, program, { scene: of.scene, from, count, signal: stop.signal }, tell);
    }),
  ).finally(() => stop.abort());
  const sum = (some: readonly number[]) => some.reduce((total, one) => total + one, 0);
  return {
    prints: parts.flatMap(({ result }) => result.prints),
    crashes: sum(parts.map(({ result }) => result.crashes)),
    violations: parts.flatMap(({ result }) => result.violations),
    cpuSeconds: sum(parts.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

/**
 * V8 for many short lives. One thread each: the threads that compile and collect would take the processors from the other
 * process. A world lives for milliseconds: with room for a dozen of them hardly one is alive when the young are collected,
 * and with more they fall out of the processor's cache.
 */
const FLAGS = ['--single-threaded', '--max-semi-space-size=8'];
/** Compiled soon by the fast compiler and late by the slow one, a function is compiled once by each. Not every Node has these. */
const FLAGS_AS_ON_LAMBDA = ['--invocation-count-for-maglev=100', '--invocation-count-for-turbofan=20000'];

async function inProcess(
  { path, asOnLambda }: NodeProgram,
  program: string,
  {
    scene,
    from,
    count,
    signal,
  }: { readonly scene: Scene; readonly from: number; readonly count: number; readonly signal: AbortSignal },
  tell: (done: number) => void,
): Promise<Extract<Message, { kind: 'done' }>> {
  const flags = [...FLAGS, ...(asOnLambda ? FLAGS_AS_ON_LAMBDA : [])];
  const child = spawn(path, [...flags, '--input-type=module', '-', scene, String(from), String(count)], {
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
    signal,
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`A process of the bench ended with ${code} before it was done.`)));
    child.on('message', (message: Message) => {
      if (message.kind === 'done') resolve(message);
      else tell(message.done);
    });
    child.stdin?.end(program);
  });
}

/** One text without imports: what teaches a process TypeScript would also make every function of it slower. */
async function bundle(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./interleave-process.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['esbuild'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('file:///');" },
    logLevel: 'silent',
  });
  return outputFiles.map((file) => file.text).join('');
}
