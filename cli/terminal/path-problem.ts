/** A path given on the command line that cannot be used: wrong use, exit code 2. */
export class PathProblem extends Error {
  override readonly name = 'PathProblem';
}
