import { Command } from 'commander';
import type { Case } from '../../shared/cases/case.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import { renderCase } from '../cases/render-case.ts';
import { renderCases } from '../cases/render-cases.ts';
import { readWholeCase } from '../cases/whole-case.ts';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { CommandProblem, reportingProblems } from '../stack/problem.ts';

type Options = StackOptions & { readonly json?: true; readonly all?: true; readonly direct?: true };

/** `rescind cases`: what is open, and what was. */
export function casesCommand(): Command {
  return stackOptions(new Command('cases'))
    .description('List cases, the newest last')
    .option('--all', 'released and closed ones as well')
    .option('--direct', 'those of "contain --direct"')
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
        const cases = (await (options.direct === true ? directCases(options) : stackCases(options))).filter(
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
    .option('--direct', 'a case of "contain --direct"')
    .option('--json', 'one JSON object')
    .action((caseId: string, options: Options) =>
      reportingProblems(async () => {
        const store = await (options.direct === true ? directStore(options, caseId) : stackStore(options));
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

async function stackCases(options: Options): Promise<readonly Case[]> {
  const { connect } = await import('../stack/connect.ts');
  const { stopNotice } = await import('../stop-switch/notice.ts');
  const { store, config } = await connect(options);
  const notice = await stopNotice(config);
  if (notice !== undefined) process.stderr.write(`${notice}\n`);
  return store.list();
}

async function stackStore(options: Options): Promise<CaseStore> {
  const { connect } = await import('../stack/connect.ts');
  return (await connect(options)).store;
}

async function directCases(options: Options): Promise<readonly Case[]> {
  const { connectDirect } = await import('../direct/connect-direct.ts');
  const { listCases } = await import('../direct/open-store.ts');
  const { cases, problems } = await listCases((await connectDirect(options)).folder);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  return cases;
}

async function directStore(options: Options, caseId: string): Promise<CaseStore> {
  const { connectDirect } = await import('../direct/connect-direct.ts');
  const { folderOfCase, readStore } = await import('../direct/open-store.ts');
  const { folder } = await connectDirect(options);
  return readStore(folder, await folderOfCase(folder, caseId));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
