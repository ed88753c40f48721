import { SendTaskSuccessCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Flow, FlowInput } from '../ports/flow.ts';
import { errorNameOf } from './iam-errors.ts';

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
        if (errorNameOf(error) !== 'ExecutionAlreadyExists') throw error;
      }
    },

    async answer(taskToken, approved) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ approved }) }));
        return 'answered';
      } catch (error) {
        if (GONE.has(errorNameOf(error))) return 'gone';
        throw error;
      }
    },
  };
}

/** The question was answered before, or nobody waits for an answer any more. */
const GONE: ReadonlySet<string> = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** At most 80 characters of `[A-Za-z0-9_-]`, as Step Functions asks. */
export function executionName(input: FlowInput): string {
  return input.kind === 'contain'
    ? `${input.caseId}-plan-${input.planVersion}`
    : `${input.caseId}-release-${input.release}${input.all ? '-all' : ''}`;
}
