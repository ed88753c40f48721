import { expect, test } from 'vitest';
import type { ProgramResult } from '../../cli/embedded-aws/run-program.ts';
import { RUNTIME } from '../../infra/constructs/job-function.ts';
import { findLambdaNode, LAMBDA_NODE } from './lambda-node.ts';

const ran = (code: number, stdout: string, stderr = ''): ProgramResult => ({ kind: 'ran', code, stdout, stderr });
/** What was run and told, where another Node is installed and npm ends so. */
async function foundWhere(npm: ProgramResult, running = '20.20.2') {
  const lines: string[] = [];
  const commands: string[] = [];
  const node = await findLambdaNode({
    running,
    tell: (line) => void lines.push(line),
    run: async (program, args) => {
      commands.push([program, ...args].join(' '));
      return npm;
    },
  });
  return { node, lines, commands };
}

test('the Node that is measured is of the runtime of the functions', () => {
  expect(RUNTIME.name).toBe(`nodejs${LAMBDA_NODE.split('.')[0]}.x`);
});

test('a Node of that runtime is used as it is installed, and npm is not asked', async () => {
  const { node, lines, commands } = await foundWhere(ran(0, ''), '24.1.0');
  expect({ node, lines, commands }).toEqual({
    node: { path: process.execPath, version: '24.1.0', asOnLambda: true },
    lines: [],
    commands: [],
  });
});

test('otherwise the one version is asked of npm', async () => {
  const { node, lines, commands } = await foundWhere(ran(0, `v${LAMBDA_NODE} /npm/its folder/bin/node\n`));
  expect(node).toEqual({ path: '/npm/its folder/bin/node', version: LAMBDA_NODE, asOnLambda: true });
  expect(commands).toHaveLength(1);
  expect(commands[0]).toContain(`npm exec --yes --package=node-${process.platform}-${process.arch}@24.`);
  expect(lines).toEqual([expect.stringContaining('the first time')]);
});

test.each<[string, ProgramResult, string]>([
  [
    'npm does not know it',
    ran(1, '', 'npm error code ETARGET\nnpm error notarget No matching version found for node-x.\n'),
    'notarget No matching version found for node-x.',
  ],
  [
    'npm is not reached',
    ran(1, '', 'npm error code EAI\nnpm error syscall connect\nnpm error errno EAI\nnpm error request failed\n'),
    'request failed',
  ],
  ['it does not run here', ran(127, '', 'sh: node: not found\n'), 'npm ended with 127'],
  ['another Node answers', ran(0, 'v18.1.0 /usr/bin/node\n'), 'another Node answers'],
  ['there is no npm', { kind: 'not-found' }, 'there is no npm'],
  ['it takes too long', { kind: 'failed', reason: 'it did not end in time' }, 'it did not end in time'],
])('%s: the installed Node is taken, and why is told', async (_, npm, why) => {
  const { node, lines } = await foundWhere(npm);
  expect(node).toEqual({ path: process.execPath, version: '20.20.2', asOnLambda: false });
  expect(lines).toEqual([expect.any(String), expect.stringContaining(`(${why})`)]);
});
