/** What an execution of `remediate` is started with: ids and timing, never payloads. */
export type FlowInput =
  | { readonly kind: 'contain'; readonly caseId: string; readonly planVersion: number }
  | { readonly kind: 'release'; readonly caseId: string; readonly release: number; readonly all: boolean };

export type Flow = {
  /** Bound to case and plan version (or release number): started again, it is the same execution. */
  start(input: FlowInput): Promise<void>;
  /** Answers a waiting execution. `gone`: it no longer waits. */
  answer(taskToken: string, approved: boolean): Promise<'answered' | 'gone'>;
};
