import { describeStop, STOP_PARAMETER } from '../../shared/cases/stop-switch.ts';
import { printable } from '../../shared/page/printable.ts';
import type { ClientConfig } from '../stack/endpoint.ts';
import { colour } from '../terminal/colour.ts';
import { nameOf } from './result.ts';
import { readSwitch } from './switch-parameter.ts';

/** What whoever looks at the cases must know first, if there is something: nobody is being contained. */
export async function stopNotice(config: ClientConfig): Promise<string | undefined> {
  try {
    const state = await readSwitch(config);
    if (state.kind === 'running') return undefined;
    return colour.red(
      `Rescind is ${printable(describeStop(state), 1_500)}. "npx rescind start" lets it contain again.`,
    );
  } catch (error) {
    return colour.red(
      `The stop switch ${STOP_PARAMETER} cannot be read from here (${printable(nameOf(error))}): Rescind may be stopped.`,
    );
  }
}
