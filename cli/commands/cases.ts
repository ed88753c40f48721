import { Command } from 'commander';
import { renderCase } from '../cases/render-case.ts';
import { renderCases } from '../cases/render-cases.ts';
import { readWholeCase } from '../cases/whole-case.ts';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { CommandProblem, reportingProblems } from '../stack/problem.ts';

type Options = StackOptions & { readonly json?: true; readonly all?: true };

/** `rescind cases`: what is open, and what was. */
export function casesCommand(): Command {
  return stackOptions(new Command('cases'))
    .description('List cases, the newest last')
    .option('--all', 'released and closed ones as well')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
A case is open as long as work is due on a subject: every detection about the subject joins it.

Examples:
  $ npx rescind cases
  $ npx rescind cases --all --json | jq -r .caseId`,
    )
    .action((options: Options) =>
      reportingProblems(async () => {
        // The SDK is loaded only by commands that need it: help is instant.
        const { connect } = await import('../stack/connect.ts');
        const { stopNotice } = await import('../stop-switch/notice.ts');
        const { store, config } = await connect(options);
        const notice = await stopNotice(config);
        if (notice !== undefined) process.stderr.write(`${notice}\n`);
        const cases = (await store.list()).filter(
          ({ state }) => options.all === true || (state !== 'released' && state !== 'closed'),
        );
        if (options.json === true) for (const each of cases) print(JSON.stringify(each));
        else for (const line of renderCases(cases, options.all === true)) print(line);
      }),
    );
}

/** `rescind case show`: everything known of one. */
export function caseCommand(): Command {
  const command = new Command('case').description('Look at one case');
  stackOptions(command.command('show'))
    .description('timeline of records, detections, calls and verification; the plan with its documents and hash')
    .argument('<case>', 'id of the case, as in "npx rescind cases"')
    .option('--json', 'one JSON object')
    .action((caseId: string, options: Options) =>
      reportingProblems(async () => {
        const { connect } = await import('../stack/connect.ts');
        const { store } = await connect(options);
        const whole = await readWholeCase(store, caseId);
        if (whole === undefined) {
          throw new CommandProblem(`There is no case ${caseId}. "npx rescind cases --all" lists them.`, 2);
        }
        if (options.json === true) print(JSON.stringify(whole));
        else for (const line of renderCase(whole)) print(line);
      }),
    );
  return command;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
