import { execFile } from 'node:child_process';
import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { CommandProblem } from '../../cli/stack/problem.ts';
import { bundleFunctions } from '../../infra/bundling/bundle-functions.ts';
import { leaveOut } from '../../infra/bundling/lazy-modules.ts';
import { readDeployment } from '../../infra/configuration/read-deployment.ts';
import { JOBS, type Job } from '../../shared/cases/own-roles.ts';
import { FUNCTION_ENVIRONMENT } from '../../shared/config/environment.ts';
import { KB_AT_START } from '../support/bundle-limits.ts';
import { inBenchFolder } from './bench-folder.ts';
import { type Bench, type Figure, median } from './figure.ts';

const run = promisify(execFile);
const project = join(import.meta.dirname, '..', '..');

/** Import time of a shipped bundle as a share of the same handler with its packages in node_modules. */
const IMPORT_LIMIT = 0.4;
const RUNS = 7;

/** How large the shipped functions are, and how much faster they load than unbundled ones. */
export const measureBundles: Bench = async (progress) => {
  const deployment = readDeployment(join(project, 'rescind.yaml'), { local: false });
  if (deployment.kind === 'problems')
    throw new CommandProblem('rescind.yaml or its rules do not compile: run "npx cdk synth".');
  // Inside the project, so that the unbundled handlers find node_modules.
  return inBenchFolder(async (folder) => {
    const { compiled } = deployment;
    const shipped = join(folder, 'shipped');
    const unbundled = join(folder, 'unbundled');
    await bundleFunctions({ jobs: JOBS, source: join(project, 'functions'), outputFolder: shipped, compiled });
    await build({
      entryPoints: JOBS.map((job) => ({ in: join(project, 'functions', job, 'handler.ts'), out: `${job}/handler` })),
      outdir: unbundled,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      packages: 'external',
      define: { RULES_USE_REGEX: 'false', RULES_USE_CIDR: 'false' },
      // What the shipped ones load only when they need it, these do not load either.
      plugins: [leaveOut(new Set())],
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
    });
    const figures: Figure[] = [];
    for (const job of JOBS) {
      const bytes = (await stat(join(shipped, job, 'handler.mjs'))).size;
      for (const file of ['policy.json', 'compiled.json']) {
        await copyFile(join(shipped, job, file), join(unbundled, job, file));
      }
      const limit = KB_AT_START[job];
      figures.push({
        bench: 'bundles',
        what: `size of ${job}`,
        value: `${(bytes / 1000).toFixed(0)} KB`,
        ...(limit === undefined ? {} : { limit: `${limit} KB`, within: bytes <= limit * 1000 }),
      });
    }
    for (const job of JOBS) {
      progress(`import of ${job}`);
      // In turn, so that a busy moment of the machine slows both.
      const times = { shipped: [] as number[], unbundled: [] as number[] };
      for (let turn = 0; turn < RUNS; turn += 1) {
        times.shipped.push(await importTime(join(shipped, job, 'handler.mjs'), job));
        times.unbundled.push(await importTime(join(unbundled, job, 'handler.mjs'), job));
      }
      const [fast, slow] = [median(times.shipped), median(times.unbundled)];
      figures.push({
        bench: 'bundles',
        what: `import of ${job}, share of unbundled`,
        value: `${(fast / slow).toFixed(2)} (${fast.toFixed(0)} of ${slow.toFixed(0)} ms)`,
        limit: `${IMPORT_LIMIT}`,
        within: fast / slow <= IMPORT_LIMIT,
      });
    }
    return figures;
  });
};

/** Milliseconds that a fresh process needs to import a handler, its composition included. */
async function importTime(file: string, job: Job): Promise<number> {
  const script = `const at=performance.now();await import(${JSON.stringify(file)});console.log(performance.now()-at)`;
  const variables = Object.fromEntries(FUNCTION_ENVIRONMENT[job].map((name) => [name, 'x']));
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: 'us-east-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...variables,
  };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { env });
  return Number(stdout.trim().split('\n').at(-1));
}
