import { type ProgramResult, runProgram } from '../../cli/embedded-aws/run-program.ts';

/** Of the functions' runtime (RUNTIME in infra/constructs/job-function.ts), the version that the model runs on. */
export const LAMBDA_NODE = '24.21.0';

export type NodeProgram = {
  readonly path: string;
  readonly version: string;
  /** Whether it is of the functions' runtime. */
  readonly asOnLambda: boolean;
};

type Deps = {
  readonly running: NodeProgram['version'];
  readonly run: (program: string, args: readonly string[]) => Promise<ProgramResult>;
  readonly tell: (line: string) => void;
};

/** npm may have to fetch 50 MB. */
const FETCH_MS = 180_000;

/**
 * Node as the functions have it, for it runs their code up to twice as fast as the oldest Node that Rescind supports: the
 * one that runs this, or the one of the npm registry, which npm fetches once and keeps. Where neither is to be had, what is
 * installed, and that is told.
 */
export async function findLambdaNode({
  running = process.versions.node,
  run = (program, args) => runProgram(program, args, { timeout: FETCH_MS }),
  tell,
}: Partial<Deps> & Pick<Deps, 'tell'>): Promise<NodeProgram> {
  const installed = { path: process.execPath, version: running, asOnLambda: majorOf(running) === majorOf(LAMBDA_NODE) };
  if (installed.asOnLambda) return installed;
  const wanted = `node-${process.platform}-${process.arch}@${LAMBDA_NODE}`;
  tell(`Node ${LAMBDA_NODE}, as on Lambda, is asked of npm (${wanted}), which fetches it the first time`);
  const ask = "process.version + ' ' + process.execPath";
  const asked = await run('npm', ['exec', '--yes', `--package=${wanted}`, '--', 'node', '--print', ask]);
  const [, version, path] = (asked.kind === 'ran' && asked.code === 0 && /^v(\S+) (.+)$/m.exec(asked.stdout)) || [];
  if (version === LAMBDA_NODE && path !== undefined) return { path, version, asOnLambda: true };
  tell(`It is not to be had (${whyNot(asked)}). On Node ${running} it takes up to twice as long.`);
  return installed;
}

function whyNot(asked: ProgramResult): string {
  switch (asked.kind) {
    case 'not-found':
      return 'there is no npm';
    case 'failed':
      return asked.reason;
    case 'ran':
      if (asked.code === 0) return 'another Node answers';
      return /^npm error (?!code|syscall|errno)(.*)$/m.exec(asked.stderr)?.[1] ?? `npm ended with ${asked.code}`;
  }
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
