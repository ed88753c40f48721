import { Command } from 'commander';
import { sessionStory } from '../../shared/access/session-story.ts';
import { openAccess } from '../access/open-access.ts';
import { readSince } from '../access/read-since.ts';
import { sessionLines } from '../access/render-session.ts';
import { resolveSession } from '../access/resolve-session.ts';
import type { StackOptions } from '../stack/connect.ts';
import { stackOptions } from '../stack/options.ts';
import { CommandProblem, reportingProblems } from '../stack/problem.ts';

/** `rescind session`: from a key or a role session to the person behind it, and to what was asked for with it. */
export function sessionCommand(): Command {
  return stackOptions(new Command('session'))
    .description('Whose a session is: from the person to the last session asked for with it')
    .argument('<key-or-arn>', 'an access key id, or the ARN of a role session')
    .option('--since <when>', 'a time back (7d, 36h), a day or an instant in UTC; at most 90 days', '90d')
    .option('--json', 'one JSON object a session asked about')
    .addHelpText(
      'after',
      `
Put together from the recorded calls that issued sessions, and from what the calls made with them say: key id, role, name,
time of issue, source identity. An ARN stands for each session of its name, the newest ten.

Examples:
  $ npx rescind session ASIAEXAMPLE2
  $ npx rescind session arn:aws:sts::111122223333:assumed-role/deployer/alice@example.com --since 24h
  $ npx rescind session ASIAEXAMPLE2 --json | jq -r .beginning`,
    )
    .action((text: string, options: StackOptions & { readonly since: string; readonly json?: true }) =>
      reportingProblems(async () => {
        const since = readSince(options.since, new Date()).toISOString();
        const { accesses, sessions, account, lookup } = await openAccess(options);
        const keys = await resolveSession(text, account, { lookup, sessions, since });
        const told = await Promise.all(keys.map((key) => sessionStory({ ...accesses, ...sessions }, key, { since })));
        const stories = told.filter((each) => each !== undefined);
        if (stories.length === 0) {
          throw new CommandProblem(
            `Nothing is recorded of the session ${text} since ${options.since}: check how it is written. AssumeRole calls are always recorded, from the day of the deployment on.`,
            2,
          );
        }
        const lines =
          options.json === true
            ? stories.map((story) => JSON.stringify(story))
            : stories.flatMap((story, place) => [...(place === 0 ? [] : ['']), ...sessionLines(story)]);
        for (const line of lines) process.stdout.write(`${line}\n`);
        if (stories.some(({ cut }) => cut !== undefined)) {
          process.stderr.write('More was asked for with these sessions than is shown: ask about the last ones.\n');
        }
      }),
    );
}
