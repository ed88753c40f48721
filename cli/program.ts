import { Command } from 'commander';
import { whatCommand, whoCommand } from './commands/access.ts';
import { actionsCommand } from './commands/actions.ts';
import { backtestCommand } from './commands/backtest.ts';
import { baselineCommand } from './commands/baseline.ts';
import { caseCommand, casesCommand } from './commands/cases.ts';
import { containCommand } from './commands/contain.ts';
import { decodeCommand } from './commands/decode.ts';
import { demoCommand } from './commands/demo.ts';
import { localCommand } from './commands/local.ts';
import { mapCommand } from './commands/map.ts';
import { orderCommands } from './commands/orders.ts';
import { rulesCommand } from './commands/rules.ts';
import { sessionCommand } from './commands/session.ts';
import { startCommand, stopCommand } from './commands/stop.ts';

/** Every command of `rescind`. Each call makes them anew, for a command keeps what it was last given. */
export function createProgram(): Command {
  const program = new Command('rescind').description(
    'Takes AWS access back: rules decide, access is removed, verified and reversible.',
  );

  program.addCommand(demoCommand());
  program.addCommand(localCommand());
  program.addCommand(casesCommand());
  program.addCommand(caseCommand());
  program.addCommand(containCommand());
  for (const command of orderCommands()) program.addCommand(command);
  program.addCommand(stopCommand());
  program.addCommand(startCommand());
  program.addCommand(whoCommand());
  program.addCommand(whatCommand());
  program.addCommand(sessionCommand());
  program.addCommand(mapCommand());
  program.addCommand(decodeCommand());
  program.addCommand(backtestCommand());
  program.addCommand(baselineCommand());
  program.addCommand(rulesCommand());
  program.addCommand(actionsCommand());

  program.addHelpText(
    'after',
    `
Start with "npm run demo": a staged attack, observed and then contained, on this machine.

Commands that talk to a deployed stack use your AWS credentials. Exit code: 0 done, 1 found something or did not
achieve it, 2 wrong use.`,
  );
  endWrongUseWithTwo(program);
  return program;
}

/** Wrong use ends with 2, on every level; help and version with 0. */
function endWrongUseWithTwo(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  for (const each of command.commands) endWrongUseWithTwo(each);
}
