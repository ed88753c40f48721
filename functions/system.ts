import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CompiledPolicy, loadCompiledPolicy, loadPolicy } from '../shared/config/compiled-policy.ts';
import type { Policy } from '../shared/config/policy.ts';
import type { Clock } from '../shared/ports/clock.ts';

/** The real clock, which the core never reads by itself. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Crockford's base 32: no I, L, O, U, so an id can be read out over the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Forty random bits: `C-7K2M9QXD`. A clash is refused by the table, and the event is judged again. */
export function newCaseId(): string {
  return `C-${[...randomBytes(8)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
}

/** Policy and rules as compiled at synth, for who judges records. */
export function readCompiledPolicy(): CompiledPolicy {
  return loadCompiledPolicy(besideHandler('compiled.json'));
}

/** The policy as compiled at synth. */
export function readDeployedPolicy(): Policy {
  return loadPolicy(besideHandler('policy.json'));
}

/** The assets lie beside the handler, into which this code is bundled. */
function besideHandler(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./${name}`, import.meta.url), 'utf8'));
}
