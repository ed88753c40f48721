import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { Flow, FlowInput } from '../ports/flow.ts';

/** The state machine `remediate`. */
export function createFlow(client: SFNClient, stateMachineArn: string): Flow {
  return {
    async start(input) {
      try {
        await client.send(
          new StartExecutionCommand({ stateMachineArn, name: executionName(input), input: JSON.stringify(input) }),
        );
      } catch (error) {
        // The name holds everything that the input holds, so an execution of this name is this execution.
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },

    async answer(taskToken, approved) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ approved }) }));
        return 'answered';
      } catch (error) {
        if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken) {
          return 'gone';
        }
        throw error;
      }
    },
  };
}

/** At most 80 characters of `[A-Za-z0-9_-]`, as Step Functions asks. */
export function executionName(input: FlowInput): string {
  return input.kind === 'contain'
    ? `${input.caseId}-plan-${input.planVersion}`
    : `${input.caseId}-release-${input.release}${input.all ? '-all' : ''}`;
}
