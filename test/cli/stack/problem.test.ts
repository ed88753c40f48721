import { afterEach, expect, test, vi } from 'vitest';
import { CommandProblem, reportingProblems } from '../../../cli/stack/problem.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

function told(): readonly string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  return lines;
}

test('a problem is one sentence and says by its code whose it is', async () => {
  const lines = told();
  await reportingProblems(async () => {
    throw new CommandProblem('A lock lasts at most 30 days.', 2);
  });
  expect(lines).toEqual(['A lock lasts at most 30 days.\n']);
  expect(process.exitCode).toBe(2);
});

test('what AWS refuses is one line, whatever its text holds, and no stack', async () => {
  const lines = told();
  const refusal = Object.assign(new Error('no table\n\u001b[31mhere'), {
    name: 'ResourceNotFoundException',
    $metadata: {},
  });
  await reportingProblems(() => Promise.reject(refusal));
  expect(lines).toEqual(['AWS said no, or did not answer: ResourceNotFoundException: no table\\u{a}\\u{1b}[31mhere\n']);
  expect(process.exitCode).toBe(1);
});

test('a fault of our own keeps its stack', async () => {
  await expect(reportingProblems(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
});
