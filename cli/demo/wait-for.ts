import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedAwsError } from '../embedded-aws/embedded-aws-error.ts';

/** Often enough to tell when something happened, seldom enough to leave the processor to what is waited for. */
const EVERY_MS = 150;

/**
 * Asks until there is an answer. When there is none in time, the error says what was waited for and where to look.
 * `what` completes "Waited 60 s for ...".
 */
export async function waitFor<T>(
  what: string,
  { withinSeconds, logFile }: { readonly withinSeconds: number; readonly logFile: string | undefined },
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + withinSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      const where = logFile === undefined ? 'look at the log of your AWS endpoint' : `read ${logFile}`;
      throw new EmbeddedAwsError(`Waited ${withinSeconds} s for ${what}, in vain`, `${where}, and run the demo again`);
    }
    await pause(EVERY_MS);
  }
}
