import type { Read } from '../containment/snapshot.ts';
import { errorNameOf, isMissing, isUnavailable, messageOf } from './iam-errors.ts';

/** What cannot be read is an outcome of its own, never an empty list. */
export async function read<T>(operation: string, ask: () => Promise<T>): Promise<Read<T>> {
  try {
    return { kind: 'read', value: await ask() };
  } catch (error) {
    if (isUnavailable(error)) return { kind: 'unavailable', operation, reason: messageOf(error) };
    return { kind: 'failed', operation, error: `${errorNameOf(error)}: ${messageOf(error)}` };
  }
}

export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
