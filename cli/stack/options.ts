import type { Command } from 'commander';

/** Options of every command that talks to a deployed Rescind. */
export function stackOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'name of the CloudFormation stack', 'Rescind')
    .option('--local', 'the embedded AWS that "rescind local up" keeps running');
}
