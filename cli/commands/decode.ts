import { Command } from 'commander';
import { findLogFiles } from '../backtest/log-files.ts';
import { createProgress } from '../backtest/progress.ts';
import { decodedLines, decodeLogs } from '../decode/decode-logs.ts';
import { PathProblem } from '../terminal/path-problem.ts';
import { outputWidth } from '../terminal/table.ts';

/** `rescind decode`: how Rescind reads your logs. */
export function decodeCommand(): Command {
  return new Command('decode')
    .description('Say how CloudTrail logs read: who acted, what was touched, and which records say neither')
    .argument('<path...>', 'files and folders of CloudTrail logs')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Each record is decoded as the deployed functions do it. A record whose actor is unknown is listed with the reason: nothing is
ever contained because of it. Nothing is sent anywhere.

Examples:
  $ npx rescind decode logs/
  $ npx rescind decode logs/ --json | jq .unknown

Exit code: 0 done, 1 records that cannot be decoded, 2 wrong use.`,
    )
    .action(async (paths: string[], options: { readonly json?: true }) => {
      try {
        const files = findLogFiles(paths);
        const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
        const decoded = await decodeLogs(files, createProgress(bytes, process.stderr, Date.now));
        const lines =
          options.json === true ? [JSON.stringify(decoded)] : decodedLines(decoded, outputWidth(process.stdout));
        for (const line of lines) process.stdout.write(`${line}\n`);
        if (decoded.undecodable > 0) process.exitCode = 1;
      } catch (error) {
        if (!(error instanceof PathProblem)) throw error;
        process.stderr.write(`${error.message}\n`);
        process.exitCode = 2;
      }
    });
}
