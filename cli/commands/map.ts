import { Command } from 'commander';
import { openAccess } from '../access/open-access.ts';
import { wholeNumber } from '../access/whole-number.ts';
import { type AccessMap, accessMap } from '../map/access-map.ts';
import { mapLines } from '../map/map-lines.ts';
import { openReport } from '../report/open-report.ts';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { CommandProblem, reportingProblems } from '../stack/problem.ts';
import { PathProblem } from '../terminal/path-problem.ts';
import { outputWidth } from '../terminal/table.ts';

type Options = StackOptions & { readonly json?: true; readonly limit: number; readonly report?: string };

/** `rescind map`: principals and sensitive resources. */
export function mapCommand(): Command {
  return stackOptions(new Command('map'))
    .description('Who accesses which sensitive resource: first, last and how often')
    .option('--limit <number>', 'at most so many pairs of principal and resource', wholeNumber, 5_000)
    .option('--json', 'one JSON object a line, the last access first')
    .option('--report <file>', 'write the map to this HTML file, which needs nothing beside itself')
    .addHelpText(
      'after',
      `
From the summaries that the access record keeps: resources that \`sensitive\` in rescind.yaml named when they were last
accessed, of the last 90 days. A pair is gone 90 days after its last access.

Examples:
  $ npx rescind map
  $ npx rescind map --report map.html
  $ npx rescind map --json | jq -r .principal | sort | uniq -c`,
    )
    .action((options: Options) =>
      reportingProblems(async () => {
        const report = options.report === undefined ? undefined : reportTo(options.report);
        const { accesses, account } = await openAccess(options);
        const map = accessMap(await accesses.sensitiveSummaries(options.limit + 1), options.limit);
        await report?.write({ map, account });
        if (options.json === true) {
          for (const { label: _label, ...row } of map.rows) process.stdout.write(`${JSON.stringify(row)}\n`);
        } else if (map.rows.length > 0) {
          for (const line of mapLines(map, outputWidth(process.stdout))) process.stdout.write(`${line}\n`);
        }
        if (map.rows.length === 0) {
          process.stderr.write(
            'No access to a sensitive resource is recorded: `sensitive` in rescind.yaml names them, and `record` has to cover them.\n',
          );
        }
        if (map.cut) process.stderr.write('There are more: --limit shows more of them.\n');
        if (report !== undefined) process.stderr.write(`Map written to ${report.path}\n`);
      }),
    );
}

function reportTo(path: string) {
  try {
    return openReport<{ readonly map: AccessMap; readonly account: string }>(path, async ({ map, account }) => {
      const { renderMap } = await import('../report/map-page.ts');
      return renderMap(map, { account, at: new Date() });
    });
  } catch (error) {
    if (!(error instanceof PathProblem)) throw error;
    throw new CommandProblem(error.message, 2);
  }
}
