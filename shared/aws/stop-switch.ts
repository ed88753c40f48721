import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { describeStop, readStopState } from '../cases/stop-switch.ts';
import type { StopSwitch } from '../ports/stop-switch.ts';

/** The parameter `/rescind/stop`. Anything but a readable `off` means stopped: a switch that cannot be read must not be ignored. */
export function createStopSwitch(client: SSMClient, parameter: string): StopSwitch {
  return async () => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter }));
      const state = readStopState(Parameter?.Value);
      return state.kind === 'running' ? { stopped: false } : { stopped: true, why: describeStop(state) };
    } catch (error) {
      const name = error instanceof Error ? error.name : 'an unknown fault';
      return { stopped: true, why: `the stop switch ${parameter} cannot be read (${name})` };
    }
  };
}
