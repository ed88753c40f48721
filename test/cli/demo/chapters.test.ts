import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { demoCommand } from '../../../cli/commands/demo.ts';
import { adminPolicy } from '../../../cli/demo/admin/policy.ts';
import { changeWindowPolicy } from '../../../cli/demo/change-window/policy.ts';
import { CHAPTERS } from '../../../cli/demo/chapters.ts';
import { financePolicy } from '../../../cli/demo/finance/policy.ts';
import { readPolicy } from '../../../shared/config/read-policy.ts';

const facts = {
  playbooks: ['alert', 'contain', 'revoke-access', 'require-mfa'],
  ruleFolders: { has: () => true },
  local: true,
};
const NOW = new Date('2026-11-21T23:14:00.250Z');

function read({ text }: ReturnType<typeof financePolicy>) {
  return readPolicy(text('http://127.0.0.1:40000/', 'http://127.0.0.1:40001/'), 'demo.yaml', facts);
}

describe('the policies of the chapters', () => {
  test.each([
    ['finance', financePolicy('Africa/Nairobi')],
    ['admin', adminPolicy('Africa/Nairobi')],
    ['change-window', changeWindowPolicy('Africa/Nairobi', NOW, ['arn:aws:iam::*:user/mara*'])],
  ])('%s has no problem on an embedded AWS; its office and its alerts are where it is night', (_name, policy) => {
    const { policy: found, problems } = read(policy);
    expect(problems).toEqual([]);
    expect(found?.mode).toBe('enforce');
    expect(found?.alerts.zone).toBe('Africa/Nairobi');
    expect(found?.schedules['business-hours']?.zone).toBe('Africa/Nairobi');
  });

  test('the access of the finance chapter is taken for a time that is short here, and would be refused on AWS', () => {
    const policy = financePolicy('Africa/Nairobi');
    expect(read(policy).policy?.responses).toEqual([
      { when: { path: 'rules/data-access' }, playbook: 'revoke-access', forSeconds: 36 },
    ]);
    const onAws = readPolicy(policy.text('http://127.0.0.1:40000/', 'http://127.0.0.1:40001/'), 'demo.yaml', {
      ...facts,
      local: false,
    });
    expect(onAws.problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('responses[0].for: must be at least 5 m'),
    );
  });

  test('the change is open around the time at which the chapter is played, for whom it names', () => {
    const policy = changeWindowPolicy('Africa/Nairobi', NOW, ['arn:aws:iam::*:user/mara*']);
    expect(read(policy).policy?.changeWindows).toEqual([
      expect.objectContaining({
        name: 'release 42',
        ticket: 'CHG-1234',
        principals: ['arn:aws:iam::*:user/mara*'],
      }),
    ]);
    expect(policy.text('', '')).toContain('from: 2026-11-21T23:04:00Z\n    to: 2026-11-22T00:14:00Z');
  });
});

describe('rescind demo', () => {
  test('teaches every chapter in its help, the one without a name first', () => {
    const command = demoCommand();
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(CHAPTERS.map(({ name }) => name)).toEqual(['stolen-key', 'finance', 'admin', 'change-window']);
    for (const { name, summary } of CHAPTERS) expect(help).toContain(`  ${name.padEnd(14)} ${summary}\n`);
    expect(help).toContain('default: "stolen-key"');
  });

  test('takes a chapter that it does not have as wrong use, and names those that it has', async () => {
    const program = new Command().exitOverride();
    let said = '';
    const command = demoCommand().exitOverride();
    command.configureOutput({ writeErr: (text) => (said += text) });
    program.addCommand(command);
    await expect(program.parseAsync(['demo', 'nonsense'], { from: 'user' })).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
    expect(said).toContain("'nonsense' is invalid for argument 'chapter'");
    expect(said).toContain('stolen-key, finance, admin, change-window');
  });

  test.each(CHAPTERS.map((entry) => [entry.name, entry] as const))('can load %s', async (_name, { load }) => {
    expect(await load()).toEqual({ run: expect.any(Function) });
  });
});
