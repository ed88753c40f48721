import type { Command } from 'commander';
import type { StackOptions } from './connect.ts';

const STACK = 'Rescind';

/** Options of every command that talks to a deployed Rescind. */
export function stackOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'name of the CloudFormation stack', STACK)
    .option('--local', 'the embedded AWS that "rescind local up" keeps running');
}

/** What leads a command that is printed to the same stack: on another account it would act on somebody of the same name. */
export function stackFlags({ stack, local }: StackOptions): string {
  return `${stack === STACK ? '' : ` --stack ${stack}`}${local === true ? ' --local' : ''}`;
}
