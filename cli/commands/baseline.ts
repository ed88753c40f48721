import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { findLogFiles } from '../backtest/log-files.ts';
import { createProgress } from '../backtest/progress.ts';
import { baseline, baselineLines } from '../baseline/baseline.ts';
import { PACK } from '../rules/load-rules.ts';
import { type AppliedPolicy, NO_POLICY_FILE, readPolicyFile } from '../rules/read-policy-file.ts';
import { readRuleFolders } from '../rules/read-rule-folders.ts';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { CommandProblem, reportingProblems } from '../stack/problem.ts';
import { PathProblem } from '../terminal/path-problem.ts';

type Options = StackOptions & {
  readonly rules?: string[];
  readonly policy?: string;
  readonly dryRun?: true;
  readonly json?: true;
};

/** `rescind baseline`: what was seen before Rescind was there, from logs. */
export function baselineCommand(): Command {
  return stackOptions(new Command('baseline'))
    .description('Note from existing logs what was seen before, so that the first day is not all news')
    .argument('<path...>', 'files and folders of CloudTrail logs')
    .option('--rules <dir...>', 'files and folders of the deployed rules (default: `rules` of the policy)')
    .option('--policy <file>', 'the deployed policy (default: rescind.yaml of this folder)')
    .option('--dry-run', 'read and compare, and write nothing')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Rules with \`first-seen\` ask what met in the 90 days before. Their marks are written here from the logs of those days, as the
function record would have written them: run it again and nothing more is written. Where the logs reach without a day's gap
to the day on which recording began, the learning period begins with them. The access record itself is not filled.
Logs must hold what rules ask about: without data events, S3 objects are news. What an attacker did in them counts as seen, too.
Run it again when rules ask for something else.

Examples:
  $ npx rescind baseline logs/ --dry-run
  $ npx rescind baseline logs/ --json | jq .marks

Exit code: 0 done, 1 records that could not be read, 2 wrong use.`,
    )
    .action((paths: string[], options: Options) =>
      reportingProblems(async () => {
        const { files, applied, rules } = prepared(paths, options);
        const [{ connect }, { DynamoDBClient }, { createFirstSeen }] = await Promise.all([
          import('../stack/connect.ts'),
          import('@aws-sdk/client-dynamodb'),
          import('../../shared/aws/first-seen.ts'),
        ]);
        const { config, account, output, where } = await connect(options);
        process.stderr.write(`${options.dryRun === true ? 'Reading in' : 'Writing to'} ${where}\n`);
        const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
        const progress = createProgress(bytes, process.stderr, Date.now);
        const result = await baseline(files, {
          account,
          rules,
          scope: applied.policy.record,
          store: createFirstSeen(new DynamoDBClient(config), output('StateTable')),
          now: Date.now(),
          dryRun: options.dryRun === true,
          progress,
        });
        progress.end();
        if (result.foreign > 0 && result.first === undefined) {
          throw new CommandProblem(`All these records are of other accounts than ${account}: nothing was noted.`, 2);
        }
        const lines = options.json === true ? [JSON.stringify(result)] : baselineLines(result);
        for (const line of lines) process.stdout.write(`${line}\n`);
        if (result.unreadable > 0) process.exitCode = 1;
      }),
    );
}

/** What can be wrong before anybody is connected to. */
function prepared(paths: readonly string[], { policy, rules: folders }: Options) {
  try {
    const files = findLogFiles(paths);
    const applied = readPolicyFile(policy);
    const { rules, problems } = compileRuleFiles(readRuleFolders(folders ?? foldersOf(applied)), applied.context);
    for (const { file, line, column, message } of problems) {
      process.stderr.write(`${file}:${line}:${column} ${message}\n`);
    }
    if (!rules.some(({ only }) => only?.firstSeen !== undefined)) {
      throw new CommandProblem('None of these rules asks what was seen first: there is nothing to note.', 2);
    }
    return { files, applied, rules };
  } catch (error) {
    if (!(error instanceof PathProblem)) throw error;
    throw new CommandProblem(error.message, 2);
  }
}

function foldersOf({ policy, from }: AppliedPolicy): readonly string[] {
  return from === NO_POLICY_FILE ? [PACK] : policy.rules.map((folder) => join(dirname(from), folder));
}
