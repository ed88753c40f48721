import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { StopSwitch } from '../ports/stop-switch.ts';

/** The parameter `/rescind/stop`. Anything but a readable `off` means stopped: a switch that cannot be read must not be ignored. */
export function createStopSwitch(client: SSMClient, parameter: string): StopSwitch {
  return async () => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter }));
      if (Parameter?.Value === 'off') return { stopped: false };
      return { stopped: true, why: `the stop switch ${parameter} is ${Parameter?.Value ?? 'empty'}` };
    } catch (error) {
      const name = error instanceof Error ? error.name : 'an unknown fault';
      return { stopped: true, why: `the stop switch ${parameter} cannot be read (${name})` };
    }
  };
}
