/** One thing wrong with `rescind.yaml`, and what to write instead. Line and column count from 1. */
export type PolicyProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

/** `rescind.yaml:12:3: message`, the form that editors and terminals make clickable. */
export function formatPolicyProblem(problem: PolicyProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
}
