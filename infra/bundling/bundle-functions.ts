import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { CompiledPolicy } from '../../shared/config/compiled-policy.ts';
import { answerFor } from '../../shared/config/response.ts';
import { isTargeted } from '../../shared/containment/playbooks.ts';
import { neededEngines } from '../../shared/rules/needed-engines.ts';
import { leftToRevert } from './left-to-revert.ts';
import { unnamedErrors } from './unnamed-errors.ts';

export type BundleOptions<Job extends string> = {
  readonly jobs: readonly Job[];
  /** The folder that holds `<job>/handler.ts`. */
  readonly source: string;
  /** Gets `<job>/handler.mjs` and `<job>/policy.json`: the whole asset of a function. */
  readonly outputFolder: string;
  readonly compiled: CompiledPolicy;
};

/** Node's ES modules have no `require`, which the CommonJS inside some packages still calls for Node's own modules. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * Bundles all functions in one call, and contain in one of its own: a call reads and parses once what they share; a child
 * process for each, as NodejsFunction starts it, takes several times as long. The same source gives the same bytes, so an unchanged function
 * keeps the hash of its asset and is not deployed again.
 */
export async function bundleFunctions<Job extends string>(options: BundleOptions<Job>): Promise<void> {
  const { jobs, source, outputFolder, compiled } = options;
  const used = neededEngines(compiled.rules, compiled.policy);
  const bundle = (some: readonly Job[], plugins: readonly Plugin[]) =>
    build({
      absWorkingDir: join(import.meta.dirname, '..', '..'),
      entryPoints: some.map((job) => ({ in: join(source, job, 'handler.ts'), out: `${job}/handler` })),
      outdir: outputFolder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      // Lambda runs Node 24; the embedded AWS runs whatever `node` is on the path, and that may be 20.
      target: 'node20',
      // ES modules first: only of them can be left out what is not imported.
      mainFields: ['module', 'main'],
      alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts') },
      // What is behind a false one is not bundled: see functions/evaluate/engines.ts.
      define: {
        RULES_USE_REGEX: String(used.regex),
        RULES_USE_CIDR: String(used.cidr),
        RULES_USE_RESOURCES: String(
          used.resources ||
            compiled.rules.some(({ header }) => isTargeted(answerFor(compiled.policy, header).playbook)),
        ),
      },
      plugins: [unnamedErrors, ...plugins],
      banner: { js: REQUIRE },
      legalComments: 'none',
      logLevel: 'silent',
    });
  await Promise.all([
    bundle(
      jobs.filter((job) => job !== 'contain'),
      [],
    ),
    bundle(
      jobs.filter((job) => job === 'contain'),
      [leftToRevert],
    ),
  ]);
  for (const job of jobs) writeFileSync(join(outputFolder, job, 'policy.json'), JSON.stringify(compiled));
}
