import { Command } from 'commander';
import { localCommand } from './commands/local.ts';

const program = new Command('rescind').description(
  'Takes AWS access back: rules decide, access is removed, verified and reversible.',
);

program.addCommand(localCommand());

await program.parseAsync();
