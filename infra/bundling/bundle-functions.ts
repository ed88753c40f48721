import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { type CompiledPolicy, policyAlone } from '../../shared/config/compiled-policy.ts';
import { answerFor } from '../../shared/config/response.ts';
import { canonicalJson } from '../../shared/containment/canonical-json.ts';
import { isTargeted } from '../../shared/containment/playbooks.ts';
import { neededEngines } from '../../shared/rules/needed-engines.ts';
import { bundleLazyModules, lazyFilesOf, leaveOut } from './lazy-modules.ts';
import { leanSchemas } from './lean-schemas.ts';

export type BundleOptions<Job extends string> = {
  readonly jobs: readonly Job[];
  /** The folder that holds `<job>/handler.ts`. */
  readonly source: string;
  /** Gets `<job>/handler.mjs`, what the handler loads only at need, `<job>/policy.json` and `<job>/compiled.json`: the whole asset of a function. */
  readonly outputFolder: string;
  readonly compiled: CompiledPolicy;
};

/** Node's ES modules have no `require`, which the CommonJS inside some packages still calls for Node's own modules. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * Bundles all functions in one call, which reads and parses once what they share; a child process for each, as
 * NodejsFunction starts it, takes several times as long. What they load only when they need it is bundled by another, and
 * put beside each handler that may. The same source gives the same bytes, so an unchanged function keeps the hash of its
 * asset and is not deployed again.
 */
export async function bundleFunctions<Job extends string>(options: BundleOptions<Job>): Promise<void> {
  const { jobs, source, outputFolder, compiled } = options;
  // What an earlier call left there would become part of the asset.
  for (const job of jobs) rmSync(join(outputFolder, job), { recursive: true, force: true });
  const every = everyBundle(compiled, outputFolder);
  const modules = new Set<string>();
  const { metafile } = await build({
    ...every,
    entryPoints: jobs.map((job) => ({ in: join(source, job, 'handler.ts'), out: `${job}/handler` })),
    plugins: [...every.plugins, leaveOut(modules)],
    metafile: true,
  });
  const lazyFiles = await bundleLazyModules(modules, every);
  for (const job of jobs) {
    const folder = join(outputFolder, job);
    const lazy = lazyFilesOf(metafile, `${job}/handler.mjs`, lazyFiles);
    for (const [name, contents] of lazy) writeFileSync(join(folder, name), contents);
    // In canonical order, which makes it quick to see at cold start that they are what was compiled.
    writeFileSync(join(folder, 'policy.json'), canonicalJson(policyAlone(compiled)));
    writeFileSync(join(folder, 'compiled.json'), canonicalJson(compiled));
  }
}

function everyBundle(compiled: CompiledPolicy, outdir: string) {
  const used = neededEngines(compiled.rules, compiled.policy);
  return {
    absWorkingDir: join(import.meta.dirname, '..', '..'),
    outdir,
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
        used.resources || compiled.rules.some(({ header }) => isTargeted(answerFor(compiled.policy, header).playbook)),
      ),
    },
    plugins: [leanSchemas],
    banner: { js: REQUIRE },
    legalComments: 'none',
    logLevel: 'silent',
  } satisfies BuildOptions;
}
