import { Command, Option } from 'commander';
import { VERDICTS, type Verdict } from '../../shared/cases/case.ts';
import type { CaseOrder, Order } from '../../shared/cases/operate.ts';
import { parseDuration } from '../../shared/config/duration.ts';
import { describeRelease, followRelease } from '../cases/follow-release.ts';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { CommandProblem, reportingProblems } from '../stack/problem.ts';

type Options = StackOptions & { readonly json?: true };

/** The commands by which a person decides. Each goes to the IAM-signed operate URL and is recorded with the caller's ARN. */
export function orderCommands(): readonly Command[] {
  const approve = order('approve', 'Let the plan of a waiting case be carried out')
    .option('--plan <hash>', 'only if the plan still has this hash, or one that begins so ("npx rescind case show")')
    .addHelpText(
      'after',
      `
What is approved is exactly the plan that this prints. If another one has taken its place meanwhile, nothing runs.`,
    )
    .action((caseId: string, options: Options & { readonly plan?: string }) => approveShown(options, caseId));
  const reject = order('reject', 'Refuse the plan of a waiting case; nothing is changed').action(
    (caseId: string, options: Options) => give(options, { kind: 'reject', caseId }),
  );
  const release = order('release', 'Give access back as it was, less what should not come back')
    .option('--all', 'everything: the compromised key, what the attack granted, and administrator rights as well')
    .option('--direct', 'of a case of "contain --direct": by this process, with your credentials')
    .addHelpText(
      'after',
      `
Without --all these are withheld, and listed: the key that was used, what the detected calls granted, and
administrator rights. What somebody else changed meanwhile is never overwritten; it is listed as a conflict.`,
    )
    .action((caseId: string, options: Options & { readonly all?: true; readonly direct?: true }) => {
      const all = options.all === true;
      return options.direct === true
        ? giveDirectly(options, { kind: 'release', caseId, all })
        : give(options, { kind: 'release', caseId, all });
    });
  const extend = order('extend', 'Move the end of a lock')
    .argument('<duration>', 'by how much: 30m, 2h, 7d')
    .addHelpText(
      'after',
      `
A lock ends by itself; this moves its end, to 30 days from its beginning at most. What a person has to end has no end
to move.

Example:
  $ npx rescind extend C-7K2M9QXD 2h`,
    )
    .action((caseId: string, length: string, options: Options) =>
      reportingProblems(async () => {
        const reading = parseDuration(length);
        if (reading.kind === 'wrong') throw new CommandProblem(`The duration ${reading.message}`, 2);
        await give(options, { kind: 'extend', caseId, seconds: reading.seconds });
      }),
    );
  const close = order('close', 'End a case that holds nothing, with a verdict')
    .addOption(new Option('--verdict <verdict>', 'what it was').choices(VERDICTS).makeOptionMandatory())
    .option('--direct', 'a case of "contain --direct"')
    .action((caseId: string, options: Options & { readonly verdict: Verdict; readonly direct?: true }) => {
      const { verdict } = options;
      return options.direct === true
        ? giveDirectly(options, { kind: 'close', caseId, verdict })
        : give(options, { kind: 'close', caseId, verdict });
    });
  const breaker = new Command('breaker').description('The limit on how many subjects are contained in a while');
  stackOptions(breaker.command('close'))
    .description('Let containments through again, after somebody has looked')
    .option('--json', 'one JSON object')
    .action((options: Options) => give(options, { kind: 'close-breaker' }));
  return [approve, reject, release, extend, close, breaker];
}

/** Shows the plan and answers for that one: the hash goes with the order. */
async function approveShown(options: Options & { readonly plan?: string }, caseId: string): Promise<void> {
  await reportingProblems(async () => {
    const { connect } = await import('../stack/connect.ts');
    const { readWholeCase } = await import('../cases/whole-case.ts');
    const { planLines } = await import('../cases/render-case.ts');
    const whole = await readWholeCase((await connect(options)).store, caseId);
    const { plan, approval } = whole ?? {};
    const planHash = approval?.planHash;
    if (plan === undefined || planHash === undefined) return give(options, { kind: 'approve', caseId });
    if (options.plan !== undefined && !planHash.startsWith(options.plan)) {
      throw new CommandProblem(
        `The plan of ${caseId} has the hash ${planHash}, not ${options.plan}: look at it again.`,
      );
    }
    for (const line of planLines(plan)) process.stderr.write(`${line}\n`);
    await give(options, { kind: 'approve', caseId, planHash });
  });
}

function order(name: string, description: string): Command {
  return stackOptions(new Command(name))
    .description(description)
    .argument('<case>', 'id of the case, as in "npx rescind cases"')
    .option('--json', 'one JSON object');
}

async function give(options: Options, given: Order): Promise<void> {
  await reportingProblems(async () => {
    const { connect } = await import('../stack/connect.ts');
    const { sendOrder } = await import('../stack/send-order.ts');
    const connection = await connect(options);
    process.stderr.write(`Acting on ${connection.where} as ${connection.caller}\n`);
    const answer = await sendOrder(connection, given);
    if (answer.kind === 'refused') {
      process.exitCode = 1;
      if (options.json === true) print(JSON.stringify(answer));
      else process.stderr.write(`${answer.why}\n`);
      return;
    }
    if (given.kind !== 'release') return print(options.json === true ? JSON.stringify(answer) : answer.text);
    process.stderr.write(`${answer.text}\n`);
    const { text, done, report } = await followRelease(connection.store, given.caseId);
    print(options.json === true ? JSON.stringify(report) : text);
    if (!done) process.exitCode = 1;
  });
}

async function giveDirectly(options: Options, order: Extract<CaseOrder, { kind: 'release' | 'close' }>): Promise<void> {
  await reportingProblems(async () => {
    const { orderDirect } = await import('../direct/order-direct.ts');
    const ordered = await orderDirect(options, order, (line) => process.stderr.write(`${line}\n`));
    if (ordered === undefined) {
      process.exitCode = 1;
      return;
    }
    if (options.json === true) print(JSON.stringify(ordered));
    if (order.kind === 'close') return;
    const { text, done } = describeRelease(ordered, ' --direct');
    if (options.json !== true) print(text);
    if (!done) process.exitCode = 1;
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
