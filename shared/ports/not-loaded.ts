/** A part of the code is missing or broken: a fault of the deployment, and never an answer of AWS. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';

  constructor(cause: unknown) {
    super(`a part of Rescind's code could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
