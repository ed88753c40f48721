/** A part of the code is missing or broken: a fault of the deployment, and never an answer of AWS. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';

  constructor(cause: unknown) {
    super(`a part of Rescind's code could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

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
