import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const pollEveryMs = 40;
const healthSchema = z.object({ edition: z.string(), version: z.string() });

export type Health = z.infer<typeof healthSchema>;

/** What the server says about itself; undefined when it does not answer, or something else than MiniStack does. */
export async function readHealth(endpoint: string, timeoutMs = 1000): Promise<Health | undefined> {
  try {
    const response = await fetch(new URL('/_ministack/health', endpoint), { signal: AbortSignal.timeout(timeoutMs) });
    const parsed = healthSchema.safeParse(await response.json());
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // Refused, reset, timed out or not JSON: for the caller that is all the same answer, "not healthy".
  }
}

/** Resolves to whether `instance` answered at `endpoint` before the deadline or the abort. */
export async function becameHealthy(
  endpoint: string,
  instance: string,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<boolean> {
  const deadline = performance.now() + options.timeoutMs;
  while (!options.signal.aborted && performance.now() < deadline) {
    if ((await readHealth(endpoint))?.edition === instance) return true;
    await delay(pollEveryMs);
  }
  return false;
}
