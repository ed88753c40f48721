import { Command } from 'commander';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { reportingProblems } from '../stack/problem.ts';

type Options = StackOptions & { readonly json?: true; readonly hard?: true; readonly reason?: string };

const NEEDS = `Needs ssm:GetParameter and ssm:PutParameter on /rescind/stop; to page, sns:Publish on the page topic with
kms:GenerateDataKey and kms:Decrypt on its key; for --hard, lambda:GetFunctionConcurrency, PutFunctionConcurrency and
DeleteFunctionConcurrency on Rescind-contain. Exit code: 0 all of it done, 1 something was not, and it says what.`;

/** `rescind stop`: nobody is contained any more. Works with the bare credentials of the caller and nothing of the stack. */
export function stopCommand(): Command {
  return stackOptions(new Command('stop'))
    .description('Stop all containment at once; alerts and releases go on')
    .option('--hard', 'also take every place to run from the function contain, should the switch not be enough')
    .option('--reason <text>', 'why, for the page and for whoever starts it again')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Sets the parameter /rescind/stop, which plan, contain and revert read just before the first change, and pages the people on
call. From then on nobody is contained, no change is undone, and nothing that an attacker undoes is put back. What was taken stays taken, and is
given back by "npx rescind release" as ever. A switch that cannot be read counts as on.

It does not need the stack to be readable: only the parameter, by its fixed name.

${NEEDS}

Examples:
  $ npx rescind stop --reason "it contains the deployment role"
  $ npx rescind stop --hard`,
    )
    .action((options: Options) =>
      reportingProblems(async () => {
        const { reach } = await import('../stop-switch/reach.ts');
        const { isWhollyStopped, stopLines, stopRescind } = await import('../stop-switch/stop.ts');
        const { printable } = await import('../../shared/page/printable.ts');
        const reached = await reach(options);
        process.stderr.write(`Acting on ${reached.where} as ${reached.caller}\n`);
        const report = await stopRescind(reached, {
          at: new Date().toISOString(),
          hard: options.hard === true,
          ...(options.reason === undefined ? {} : { reason: options.reason }),
        });
        if (options.json === true) print(JSON.stringify(report));
        else for (const line of stopLines(report)) print(printable(line, 1_500));
        if (!isWhollyStopped(report)) process.exitCode = 1;
      }),
    );
}

/** `rescind start`: takes a stop back, hard or not. */
export function startCommand(): Command {
  return stackOptions(new Command('start'))
    .description('Let containments through again after "rescind stop"')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Gives the function contain the concurrency back that "stop --hard" took, as the parameter remembers it, then turns the
switch off, and tells the people on call. Should anything of it fail, Rescind stays stopped.
Events that came meanwhile are not made up for: the next event about a subject is contained again.

${NEEDS}`,
    )
    .action((options: Options) =>
      reportingProblems(async () => {
        const { reach } = await import('../stop-switch/reach.ts');
        const { isWhollyStarted, startLines, startRescind } = await import('../stop-switch/start.ts');
        const reached = await reach(options);
        process.stderr.write(`Acting on ${reached.where} as ${reached.caller}\n`);
        const report = await startRescind(reached, new Date().toISOString());
        if (options.json === true) print(JSON.stringify(report));
        else for (const line of startLines(report)) print(line);
        if (!isWhollyStarted(report)) process.exitCode = 1;
      }),
    );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
