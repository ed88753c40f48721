import { CommandProblem, isOfAws } from '../stack/problem.ts';

/** A fault of AWS in the middle of the work becomes one sentence; the case tells it as well. Every other keeps its stack. */
export async function tellingFaults<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOfAws(error)) throw error;
    throw new CommandProblem(
      `AWS said no, or did not answer: ${error.name}: ${error.message.slice(0, 300)}. Nothing more was changed; the same command goes on from here.`,
    );
  }
}
