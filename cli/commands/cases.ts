import { Command } from 'commander';
import type { Case } from '../../shared/cases/case.ts';
import type { Evidence } from '../../shared/evidence/evidence.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import { renderCase } from '../cases/render-case.ts';
import { renderCases } from '../cases/render-cases.ts';
import { readWholeCase } from '../cases/whole-case.ts';
import type { Connection, StackOptions } from '../stack/connect.ts';
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

/** `rescind case`: everything known of one. */
export function caseCommand(): Command {
  const command = new Command('case').description('Look at one case');
  stackOptions(command.command('show'))
    .description(
      'Timeline of records, detections, calls and verification; the plan with its documents and hash; evidence',
    )
    .argument('<case>', 'id of the case, as in "npx rescind cases"')
    .option('--direct', 'a case of "contain --direct"')
    .option('--json', 'one JSON object')
    .action((caseId: string, options: Options) =>
      reportingProblems(async () => {
        const connection = options.direct === true ? undefined : await stackConnection(options);
        const whole = await readWholeCase(connection?.store ?? (await directStore(options, caseId)), caseId);
        if (whole === undefined) throw noSuchCase(caseId);
        const { kept, links }: LinkedEvidence = connection === undefined ? {} : await evidenceOf(connection, caseId);
        if (options.json === true) print(JSON.stringify({ ...whole, evidence: kept, links }));
        else for (const line of renderCase(whole)) print(line);
        if (options.json === true || connection === undefined) return;
        const { evidenceLines } = await import('../cases/render-evidence.ts');
        for (const line of ['', ...evidenceLines(kept, links)]) print(line);
      }),
    );
  stackOptions(command.command('evidence'))
    .description('Fetch what the subject did, as it was kept when the case opened, and check it by its SHA-256')
    .argument('<case>', 'id of the case, as in "npx rescind cases"')
    .option('--output <folder>', 'where the two files go; without it they are only checked')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
The bucket keeps every version; the case says which one counts and its SHA-256, made before it was sent. Exit code 1:
there is none, or it is not what was written.

Example:
  $ npx rescind case evidence C-7K2M9QXD --output ./C-7K2M9QXD`,
    )
    .action((caseId: string, options: Options & { readonly output?: string }) =>
      reportingProblems(async () => {
        const connection = await stackConnection(options);
        if ((await connection.store.read(caseId)) === undefined) throw noSuchCase(caseId);
        const { checkEvidence } = await import('../cases/check-evidence.ts');
        const { kept } = await evidenceOf(connection, caseId);
        const { lines, isSound, files } = await checkEvidence(connection, kept, options.output);
        if (options.json === true) print(JSON.stringify({ caseId, evidence: kept, files, isSound }));
        else for (const line of lines) print(line);
        if (!isSound) process.exitCode = 1;
      }),
    );
  return command;
}

function noSuchCase(caseId: string): CommandProblem {
  return new CommandProblem(`There is no case ${caseId}. "npx rescind cases --all" lists them.`, 2);
}

/** What the case keeps of its evidence, and where it can be read for a while. */
type LinkedEvidence = {
  readonly kept?: Evidence | undefined;
  readonly links?: { readonly page: string; readonly log: string };
};

async function evidenceOf(connection: Connection, caseId: string): Promise<LinkedEvidence> {
  const [{ readEvidence }, { evidenceLink }, { DynamoDBClient }] = await Promise.all([
    import('../../shared/aws/read-evidence.ts'),
    import('../cases/evidence-links.ts'),
    import('@aws-sdk/client-dynamodb'),
  ]);
  const kept = await readEvidence(new DynamoDBClient(connection.config), connection.output('CasesTable'), caseId);
  if (kept?.kind !== 'kept') return { kept };
  const [page, log] = await Promise.all([evidenceLink(connection, kept.page), evidenceLink(connection, kept.log)]);
  return { kept, links: { page, log } };
}

async function stackCases(options: Options): Promise<readonly Case[]> {
  const { connect } = await import('../stack/connect.ts');
  const { stopNotice } = await import('../stop-switch/notice.ts');
  const { store, config } = await connect(options);
  const notice = await stopNotice(config);
  if (notice !== undefined) process.stderr.write(`${notice}\n`);
  return store.list();
}

async function stackConnection(options: Options): Promise<Connection> {
  const { connect } = await import('../stack/connect.ts');
  return connect(options);
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
