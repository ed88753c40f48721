import { basename, join, resolve, sep } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const OF_AWS = join(import.meta.dirname, '..', '..', 'shared', 'aws') + sep;

/**
 * Leaves out of the handlers what `lazily` loads: a module of shared/aws that is imported dynamically is a file beside the
 * handler. `found` is given the modules.
 */
export function leaveOut(found: Set<string>): Plugin {
  return {
    name: 'lazy-modules',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const module = resolve(resolveDir, path);
        if (kind !== 'dynamic-import' || !module.startsWith(OF_AWS)) return undefined;
        found.add(module);
        return { path: `./${basename(module, '.ts')}.mjs`, external: true };
      });
    },
  };
}

/** Files by their names: the modules, and what several of them have in common. */
export type LazyFiles = ReadonlyMap<string, { readonly contents: Uint8Array; readonly imports: readonly string[] }>;

/** Bundles the modules together, so that a handler that loads two of them loads once what both need. */
export async function bundleLazyModules(modules: ReadonlySet<string>, options: BuildOptions): Promise<LazyFiles> {
  if (modules.size === 0) return new Map();
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [...modules].sort(),
    splitting: true,
    entryNames: '[name]',
    chunkNames: 'common-[hash]',
    metafile: true,
    write: false,
  });
  return new Map(
    outputFiles.map(({ path, contents }) => {
      const name = basename(path);
      return [name, { contents, imports: importsOf(metafile, name) }];
    }),
  );
}

/** Those of the files that a handler may come to load, by name. `handler`: the end of its path. */
export function lazyFilesOf(metafile: Metafile, handler: string, files: LazyFiles): ReadonlyMap<string, Uint8Array> {
  const reached = new Map<string, Uint8Array>();
  const follow = (name: string): void => {
    const file = files.get(name);
    if (file === undefined || reached.has(name)) return;
    reached.set(name, file.contents);
    file.imports.forEach(follow);
  };
  importsOf(metafile, handler).forEach(follow);
  return reached;
}

/** Names of all that the output imports, at once or later; modules of Node are among them. */
function importsOf({ outputs }: Metafile, ending: string): readonly string[] {
  const imports = Object.entries(outputs).flatMap(([path, output]) =>
    path.endsWith(`/${ending}`) ? output.imports : [],
  );
  return imports.map(({ path }) => basename(path));
}
