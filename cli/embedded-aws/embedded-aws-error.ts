/**
 * The embedded AWS cannot run on this machine as it is. The message is one sentence that ends with what to do, so a
 * command prints it as it stands, without a stack, and exits with 1.
 */
export class EmbeddedAwsError extends Error {
  override readonly name = 'EmbeddedAwsError';
  readonly problem: string;
  readonly remedy: string;

  constructor(problem: string, remedy: string, options?: ErrorOptions) {
    super(`${problem}: ${remedy}.`, options);
    this.problem = problem;
    this.remedy = remedy;
  }
}
