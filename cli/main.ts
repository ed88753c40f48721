import { Command } from 'commander';

const program = new Command('rescind').description(
  'Takes AWS access back: rules decide, access is removed, verified and reversible.',
);

await program.parseAsync();
