import { Argument, Command } from 'commander';
import { CHAPTERS, type ChapterEntry } from '../demo/chapters.ts';
import { createLeftovers } from '../demo/leftovers.ts';
import { createScreen } from '../demo/screen.ts';
import { createStopwatch } from '../demo/stopwatch.ts';
import { EmbeddedAwsError } from '../embedded-aws/embedded-aws-error.ts';
import { CommandProblem } from '../stack/problem.ts';

const [first] = CHAPTERS;

const lessons = `
Chapters, each a minute or so, on an AWS of its own that is gone afterwards:
${CHAPTERS.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`).join('\n')}

What you see in ${first.name}, in less than a minute:
  stage     an embedded AWS on 127.0.0.1, Rescind deployed to it by cdk deploy, a subscriber for its alerts
  act one   mode observe: a stolen key is used; Rescind detects it, plans, tells, and changes nothing
  act two   mode enforce: the same attack; deny first, then keys, verified by fresh reads, then policies
  release   what was taken comes back, less what is withheld; then all of it, byte for byte
  claims    each thing that was said, with the fresh read that proves it

What people do in them are real calls to the embedded AWS. Each becomes a CloudTrail record of the documented shape on the event bus.
No account and no credentials of yours are used.

Examples:
  $ npx rescind demo
  $ npx rescind demo finance
  $ npx rescind demo --keep           and look around in it afterwards:
  $ npx rescind cases --all --local
  $ npx rescind local down            until it is stopped

With RESCIND_AWS_ENDPOINT=<its address>, an embedded AWS that runs already is used and left running.

Exit code: 0 every claim holds, 1 one does not or the demo could not run, 2 wrong use, 130 interrupted.`;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `rescind demo`: the whole road in one command, proved by fresh reads. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Stage an attack on an embedded AWS and watch the access being taken back')
    .addArgument(new Argument('[chapter]', 'which play').choices(CHAPTERS.map(({ name }) => name)).default(first.name))
    .option('--keep', 'leave the embedded AWS running, to look at the cases')
    .addHelpText('after', lessons)
    .action((name: string, { keep }: { readonly keep?: true }) =>
      demo(CHAPTERS.find((chapter) => chapter.name === name) ?? first, keep === true),
    );
}

async function demo({ load }: ChapterEntry, keep: boolean): Promise<void> {
  const screen = createScreen(process.stdout);
  const leftovers = createLeftovers();
  let ending = false;

  /** However it ends, and once: what fails because everything is being stopped is no news. */
  const end = async (code: number, lastWords?: string): Promise<void> => {
    if (ending) return;
    ending = true;
    process.exitCode = code;
    screen.mute();
    if (lastWords !== undefined) process.stderr.write(`${lastWords}\n`);
    await leftovers
      .clear()
      .catch((error: unknown) => process.stderr.write(`Not everything could be stopped: ${error}\n`));
    process.exit();
  };
  for (const signal of SIGNALS) {
    process.once(signal, () => void end(130, '\nInterrupted: stopping everything that was started.'));
  }
  process.on('uncaughtException', (error) => void end(1, error.stack));

  if (keep && process.env.RESCIND_AWS_ENDPOINT) {
    return end(
      2,
      '--keep starts an embedded AWS that stays; RESCIND_AWS_ENDPOINT names one that runs: leave one of the two out.',
    );
  }
  try {
    const chapter = await load();
    await end((await chapter.run({ screen, stopwatch: createStopwatch(), leftovers }, keep)) ? 0 : 1);
  } catch (error) {
    const expected = error instanceof EmbeddedAwsError || error instanceof CommandProblem;
    await end(1, error instanceof Error ? (expected ? error.message : error.stack) : String(error));
  }
}
