import { NotLoadedError } from '../ports/not-loaded.ts';

/**
 * What most cases never need, made when it is first asked for, and once. A module that is imported in `load` is a file of
 * its own beside the handler of a function, see infra/bundling/lazy-modules.ts. After a failure the next one to ask tries again.
 */
export function lazily<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw new NotLoadedError(error);
    });
    return loaded;
  };
}
