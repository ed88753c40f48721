import { Command } from 'commander';
import { actionLines, listActions } from '../actions/list-actions.ts';
import { outputWidth } from '../terminal/table.ts';

/** `rescind actions`: everything that Rescind can change, and what it needs for it. */
export function actionsCommand(): Command {
  return new Command('actions')
    .description('List what Rescind can change, the permissions that it takes, and the playbooks that use it')
    .option('--json', 'one JSON object a line, one for each action')
    .addHelpText(
      'after',
      `
An action is one reversible kind of change. Each stands in the ledger before it is made, is read again afterwards, and can
be taken back. The roles of the functions are built from this very list, so it is what they may and nothing else. Nothing
is read from an account.

Stages, in the order in which they are carried out:
  deny          takes the access away at once
  credentials   switches off what could be used once the deny is gone
  revert        undoes what a detected call changed; a function and a role of its own do this
  detach        takes off what makes an administrator, after the deny was seen to stand

Examples:
  $ npx rescind actions
  $ npx rescind actions --json | jq -r '.apply[].action'`,
    )
    .action(({ json }: { readonly json?: true }) => {
      const actions = listActions();
      const lines =
        json === true
          ? actions.map((action) => JSON.stringify(action))
          : actionLines(actions, outputWidth(process.stdout));
      for (const line of lines) process.stdout.write(`${line}\n`);
    });
}
