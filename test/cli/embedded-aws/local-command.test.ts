import { expect, it } from 'vitest';
import { runCommand } from '../../support/run-command.ts';

const wrong: readonly { args: string[]; says: RegExp }[] = [
  { args: ['local'], says: /Usage: rescind local/ },
  { args: ['local', 'sideways'], says: /unknown command 'sideways'/ },
  { args: ['local', 'up', '--port', '99999'], says: /A port is 1 to 65535/ },
  { args: ['local', 'status', '--verbose'], says: /unknown option '--verbose'/ },
];

it.each(wrong)('rescind $args is wrong use: exit code 2 and nothing on stdout', async ({ args, says }) => {
  expect(await runCommand(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
});

it('rescind local --help teaches by example', async () => {
  expect(await runCommand(['local', '--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('eval "$(npx rescind local up)"'),
  });
});
