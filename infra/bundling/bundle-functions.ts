import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { CompiledPolicy } from '../../shared/config/compiled-policy.ts';

export type BundleOptions<Job extends string> = {
  readonly jobs: readonly Job[];
  /** The folder that holds `<job>/handler.ts`. */
  readonly source: string;
  /** Gets `<job>/handler.mjs` and `<job>/policy.json`: the whole asset of a function. */
  readonly outputFolder: string;
  readonly compiled: CompiledPolicy;
};

/** Node's ESM has no `require`, which the CommonJS inside some packages still calls for Node's own modules. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * Bundles all functions in one call, which shares the parsing of what they have in common: a child process for each, as
 * NodejsFunction does it, takes several times as long. The same source gives the same bytes, so an unchanged function
 * keeps the hash of its asset and is not deployed again.
 *
 * @returns size in bytes of each handler.
 */
export async function bundleFunctions<Job extends string>(
  options: BundleOptions<Job>,
): Promise<ReadonlyMap<Job, number>> {
  const { jobs, source, outputFolder, compiled } = options;
  const result = await build({
    entryPoints: jobs.map((job) => ({ in: join(source, job, 'handler.ts'), out: `${job}/handler` })),
    outdir: outputFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    // Lambda runs Node 24; the embedded AWS runs whatever `node` is on the path, and that may be 20.
    target: 'node20',
    // ES modules first: what is not imported can then be left out.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    // Errors are told apart by name (LeaseHeldError in the machine's retries), and ours name themselves; packages may not.
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  for (const job of jobs) writeFileSync(join(outputFolder, job, 'policy.json'), JSON.stringify(compiled));
  const sizes = new Map(
    Object.values(result.metafile.outputs).map((output) => [output.entryPoint ?? '', output.bytes] as const),
  );
  return new Map(
    jobs.map((job) => [job, [...sizes].find(([entry]) => entry.endsWith(`${job}/handler.ts`))?.[1] ?? 0] as const),
  );
}
