import { Command } from 'commander';
import type { AccessEntry } from '../../shared/access/access-entry.ts';
import { parseArn } from '../../shared/access/arn.ts';
import { collectAccesses } from '../../shared/access/collect-accesses.ts';
import { deedsOf } from '../../shared/access/deeds-of.ts';
import { FOLLOW_LIMITS } from '../../shared/access/follow-sessions.ts';
import type { AccessSummary } from '../../shared/ports/access-reader.ts';
import { openAccess } from '../access/open-access.ts';
import { readSince } from '../access/read-since.ts';
import { type Asked, summaryLines, timelineLines } from '../access/render-accesses.ts';
import { resolvePrincipal } from '../access/resolve-principal.ts';
import { sharedLines } from '../access/shared-lines.ts';
import { summarise } from '../access/summarise.ts';
import { wholeNumber } from '../access/whole-number.ts';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { CommandProblem, reportingProblems } from '../stack/problem.ts';

type Options = StackOptions & { readonly json?: true; readonly since: string; readonly limit: number };

/** `rescind who`: who accessed a resource. */
export function whoCommand(): Command {
  return accessOptions(new Command('who'))
    .description('Who accessed a resource, and when')
    .argument('<resource>', 'its ARN')
    .addHelpText(
      'after',
      `
A secret read by its name is found too; the last six characters of its ARN may be ??????.

Examples:
  $ npx rescind who arn:aws:secretsmanager:eu-central-1:111122223333:secret:payroll/db-AbC123 --since 36h
  $ npx rescind who arn:aws:s3:::payroll/2026/11.csv --json | jq -r .who`,
    )
    .action((resource: string, options: Options) =>
      reportingProblems(async () => {
        const now = new Date();
        const since = readSince(options.since, now);
        const arn = parseArn(resource);
        if (arn === undefined) {
          throw new CommandProblem(
            `${JSON.stringify(resource.slice(0, 80))} is no ARN: write the resource as arn:aws:s3:::bucket/key or the like.`,
            2,
          );
        }
        const { accesses: reader, account } = await openAccess(options);
        if (/^\d{12}$/.test(arn.account) && arn.account !== account) {
          throw new CommandProblem(
            `${resource} lies in account ${arn.account}; what is recorded here is of ${account}.`,
            2,
          );
        }
        const collected = await collectAccesses((asked) => reader.accessesTo(resource, asked), {
          since,
          now,
          limit: options.limit,
        });
        const summaries = await reader.summariesTo(resource);
        show('who', resource, options, collected, summaries);
      }),
    );
}

/** `rescind what`: what a principal touched. */
export function whatCommand(): Command {
  return accessOptions(new Command('what'))
    .description('What a principal accessed, and when')
    .argument('<principal>', 'ARN of a user, role or role session, a unique id, or a key such as user:AIDA…')
    .addHelpText(
      'after',
      `
What they did in sessions of roles that they assumed is theirs too, and in those assumed from there. All sessions of a role
are kept under the role; the ARN of one session shows that one.

Examples:
  $ npx rescind what arn:aws:iam::111122223333:user/alice
  $ npx rescind what arn:aws:sts::111122223333:assumed-role/deployer/alice@example.com --since 2026-11-14
  $ npx rescind what idc-name:alice@example.com --since 24h
  $ npx rescind what AIDAEXAMPLE1 --json | jq -r .resource.arn`,
    )
    .action((principal: string, options: Options) =>
      reportingProblems(async () => {
        const now = new Date();
        const since = readSince(options.since, now);
        const { accesses, sessions, account, lookup } = await openAccess(options);
        const of = await resolvePrincipal(principal, account, lookup);
        const deeds = await deedsOf({ ...accesses, ...sessions }, of, { since, now, limit: options.limit });
        const own = (await Promise.all(deeds.partitions.map((key) => accesses.summariesBy(key)))).flat();
        const elsewhere = deeds.accesses.filter(({ principal: by }) => !deeds.partitions.includes(by));
        // A role's summaries are of everybody's sessions: of these, only what was found is counted.
        show('what', principal, options, deeds, [...own, ...summarise(elsewhere)]);
        for (const line of sharedLines(deeds.followed)) process.stderr.write(`${line}\n`);
        const { cut } = deeds.followed;
        if (cut !== undefined) process.stderr.write(`${CUTS[cut]}\n`);
      }),
    );
}

const CUTS = {
  depth: `Sessions were followed over ${FOLLOW_LIMITS.depth} roles, one after the other; there are more. Ask about the last ones themselves.`,
  number: `The newest ${FOLLOW_LIMITS.sessions} sessions were followed; there are more. Ask for a shorter time with --since.`,
} as const;

function accessOptions(command: Command): Command {
  return stackOptions(command)
    .option('--since <when>', 'a time back (7d, 36h), a day or an instant in UTC; at most 90 days', '7d')
    .option('--limit <number>', 'at most so many accesses, the newest', wholeNumber, 200)
    .option('--json', 'one JSON object a line, the newest first');
}

function show(
  asked: Asked,
  about: string,
  { json, since }: Options,
  { accesses, more }: { readonly accesses: readonly AccessEntry[]; readonly more: boolean },
  summaries: readonly AccessSummary[],
): void {
  if (accesses.length === 0 && summaries.length === 0) {
    throw new CommandProblem(
      `Nothing is recorded of ${about} since ${since}: check how it is written, and that \`record\` in rescind.yaml covers it.`,
      2,
    );
  }
  if (json === true) {
    for (const each of accesses) print(JSON.stringify(each));
  } else {
    if (summaries.length > 0) {
      for (const line of summaryLines(summaries, asked)) print(line);
      print('');
    }
    if (accesses.length === 0) print(`No access since ${since}.`);
    else for (const line of timelineLines(accesses, asked)) print(line);
  }
  if (more) process.stderr.write('There are older ones: --limit shows more of them.\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
