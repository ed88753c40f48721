import { describe, expect, test } from 'vitest';
import { actionLines, listActions } from '../../../cli/actions/list-actions.ts';
import { runCommand } from '../../support/run-command.ts';

describe('rescind actions', () => {
  test('lists each action with its stage, who makes it, what that takes, and the playbooks that use it', () => {
    const found = listActions();
    expect(found.find(({ id }) => id === 'deactivate-keys')).toEqual({
      id: 'deactivate-keys',
      title: 'Deactivate the access keys',
      stage: 'credentials',
      function: 'contain',
      apply: [{ action: 'iam:UpdateAccessKey', on: 'user' }],
      undo: [{ action: 'iam:UpdateAccessKey', on: 'user' }],
      playbooks: ['contain'],
    });
    expect(found.find(({ id }) => id === 'revert-attachment')).toMatchObject({
      stage: 'revert',
      function: 'revert',
      apply: [
        { action: 'iam:DetachUserPolicy', on: 'user', quarantinePolicy: 'but' },
        { action: 'iam:DetachRolePolicy', on: 'role', quarantinePolicy: 'but' },
      ],
      playbooks: ['revert'],
    });
    expect(found.find(({ id }) => id === 'quarantine')?.playbooks).toEqual(['contain', 'lock']);
  });

  test('leaves no action without a playbook that uses it, save the one that only a caller may make', () => {
    expect(listActions().filter(({ playbooks }) => playbooks.length === 0)).toEqual([
      expect.objectContaining({
        id: 'reset-console',
        function: 'caller',
        apply: [
          { action: 'iam:UpdateLoginProfile', on: 'user' },
          { action: 'iam:GetLoginProfile', on: 'user' },
        ],
        undo: [],
      }),
    ]);
  });

  test('says on a line of its own to what a permission is bound', () => {
    const lines = actionLines(listActions(), 120);
    expect(lines[0]).toMatch(/^ACTION +STAGE +PLAYBOOKS +WHAT IT DOES$/);
    expect(lines).toContain('  by the caller, who needs   iam:UpdateLoginProfile, iam:GetLoginProfile');
    expect(lines.some((line) => /^reset-console .*contain --direct --reset-console/.test(line))).toBe(true);
    expect(lines).toContain(
      '  revert may   iam:DetachUserPolicy (never the quarantine policy), iam:DetachRolePolicy (never the quarantine policy)',
    );
  });

  test('answers machines in JSON, one object a line, and refuses what it does not know with 2', async () => {
    const { stdout, code } = await runCommand(['actions', '--json']);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect([code, ids]).toEqual([0, listActions().map(({ id }) => id)]);
    expect((await runCommand(['actions', 'quarantine'])).code).toBe(2);
  });
});
