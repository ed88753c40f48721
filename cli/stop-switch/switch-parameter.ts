import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readStopState, STOP_PARAMETER, type StopState, stopValue } from '../../shared/cases/stop-switch.ts';
import type { ClientConfig } from '../stack/endpoint.ts';

/** What the switch says. A parameter that is not there is a switch that is on, for nobody can read it off. */
export async function readSwitch(config: ClientConfig): Promise<StopState> {
  try {
    const { Parameter } = await new SSMClient(config).send(new GetParameterCommand({ Name: STOP_PARAMETER }));
    return readStopState(Parameter?.Value);
  } catch (error) {
    if (error instanceof ParameterNotFound) return MISSING;
    throw error;
  }
}

/** No parameter holds an empty text. */
const MISSING = { kind: 'stopped', text: '' } as const satisfies StopState;

export function isMissing(state: StopState): boolean {
  return state.kind === 'stopped' && state.text === MISSING.text;
}

/** Makes the parameter anew, should somebody have deleted it. */
export async function writeSwitch(config: ClientConfig, state: StopState): Promise<void> {
  await new SSMClient(config).send(
    new PutParameterCommand({ Name: STOP_PARAMETER, Value: stopValue(state), Type: 'String', Overwrite: true }),
  );
}
