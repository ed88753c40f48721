import { Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../../shared/config/duration.ts';
import { LEVELS, type Level } from '../../shared/rules/rule.ts';
import { instantOf, isDate } from '../../shared/schedules/date.ts';
import { backtest } from '../backtest/backtest.ts';
import { PACK } from '../rules/load-rules.ts';
import { PathProblem } from '../terminal/path-problem.ts';

type Options = {
  readonly rules?: string[];
  readonly policy?: string;
  readonly since?: string;
  readonly until?: string;
  readonly failOn?: Level;
  readonly json?: true;
  readonly report?: string;
  readonly workers?: number;
  readonly learning?: number;
};

const lessons = `
Reads CloudTrail log files, folders of them, exports of LookupEvents and saved EventBridge events, plain or gzipped,
runs the rules on each record, and says which cases would have been opened, who would have been contained, and how many
alerts that makes. Nothing is sent anywhere and nothing is changed.

Examples:
  $ npx rescind backtest logs/                             the pack of Rescind on a folder
  $ npx rescind backtest logs/ --rules rules my-rules      with rules of your own
  $ npx rescind backtest logs/ --report out.html           with charts and a table to search
  $ npx rescind backtest logs/ --since 2026-11-01 --json   one JSON object for each detection

Exit code: 0 done, 1 records that could not be read (or a detection at or above --fail-on), 2 wrong use.`;

/** `rescind backtest`: what the rules would have found in logs that are already there. */
export function backtestCommand(): Command {
  return new Command('backtest')
    .description('Run the rules on CloudTrail logs of the past')
    .argument('<path...>', 'files and folders of CloudTrail logs')
    .option('--rules <dir...>', 'files and folders of Sigma rules (default: the pack of Rescind)')
    .option('--policy <file>', 'the policy that answers the rules (default: rescind.yaml of this folder)')
    .option('--since <time>', 'leave out records before this day or instant (UTC)', parseTime)
    .option('--until <time>', 'leave out records from this day or instant on (UTC)', parseTime)
    .option('--fail-on <level>', `exit with 1 on a detection of this level or above (${LEVELS.join(', ')})`, parseLevel)
    .option('--workers <number>', 'threads (default: as many as cores, for logs large enough)', parseWorkers)
    .option(
      '--learning <time>',
      'tell nothing for being seen first until so much was read, such as 7 d or 0 d (default: as the policy says)',
      parseLearning,
    )
    .option('--json', 'one JSON object a line for each detection, correlation and case')
    .option('--report <file>', 'write a report to this HTML file, which needs nothing beside itself')
    .addHelpText('after', lessons)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .action(async (paths: string[], options: Options) => {
      try {
        const { learning, ...rest } = options;
        const { since, until } = rest;
        if (since !== undefined && until !== undefined && Date.parse(until) <= Date.parse(since)) {
          console.error(`--until ${until} is not after --since ${since}: nothing lies between`);
          process.exitCode = 2;
          return;
        }
        const given = { ...rest, ...(learning === undefined ? {} : { learningSeconds: learning }) };
        process.exitCode = await backtest(paths, { ...given, rules: options.rules ?? [PACK] }, process);
      } catch (error) {
        if (!(error instanceof PathProblem)) throw error;
        console.error(error.message);
        process.exitCode = 2;
      }
    });
}

function parseWorkers(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 64)
    throw new InvalidArgumentError('It is a whole number from 1 to 64.');
  return count;
}

function parseLearning(text: string): number {
  if (/^0 ?[smhd]$/.test(text.trim())) return 0;
  const reading = parseDuration(text);
  if (reading.kind === 'wrong') throw new InvalidArgumentError(`${reading.message}.`);
  return reading.seconds;
}

function parseLevel(text: string): Level {
  const level = LEVELS.find((known) => known === text);
  if (level === undefined) throw new InvalidArgumentError(`It is one of ${LEVELS.join(', ')}.`);
  return level;
}

/** A day or an instant, in UTC unless it names a zone; as CloudTrail writes times. */
function parseTime(text: string): string {
  const given = isDate(text)
    ? `${text}T00:00:00Z`
    : `${text.trim().replace(' ', 'T')}${ZONE.test(text.trim()) ? '' : 'Z'}`;
  const time = instantOf(given);
  if (time === undefined)
    throw new InvalidArgumentError('It is a day such as 2026-11-01 or an instant such as 2026-11-01T06:00:00Z.');
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

const ZONE = /(?:Z|[+-]\d\d:\d\d)$/;
