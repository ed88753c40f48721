import { join } from 'node:path';
import { EmbeddedAwsError } from './embedded-aws-error.ts';
import { runProgram } from './run-program.ts';
import type { EmbeddedAws } from './start-embedded-aws.ts';

const cdkProgram = join(import.meta.dirname, '..', '..', 'node_modules', 'aws-cdk', 'bin', 'cdk');
const project = join(import.meta.dirname, '..', '..');

/** Where the CDK keeps its assets; once an account, before the first deployment. */
export function bootstrapAccount(aws: EmbeddedAws): Promise<void> {
  return cdk(aws, ['bootstrap', `aws://${aws.account}/${aws.region}`], 'bootstrap');
}

/**
 * The same app and templates that go to AWS, deployed by the CDK's own command line. `outputFolder` keeps two
 * deployments of the same checkout apart.
 */
export function deployStack(aws: EmbeddedAws, options: { policyFile: string; outputFolder: string }): Promise<void> {
  const context = ['--context', 'local=true', '--context', `policy=${options.policyFile}`];
  // Direct: the stack is created in one call; a change set is for people who want to look at it first.
  const flags = ['--method', 'direct', '--require-approval', 'never', '--output', options.outputFolder];
  return cdk(aws, ['deploy', 'Rescind', ...context, ...flags], 'deploy');
}

async function cdk(aws: EmbeddedAws, args: readonly string[], what: string): Promise<void> {
  const result = await runProgram(process.execPath, [cdkProgram, ...args, '--ci', '--no-color'], {
    env: { ...aws.childEnvironment(), CDK_DEFAULT_ACCOUNT: aws.account, CDK_DEFAULT_REGION: aws.region },
    cwd: project,
  });
  if (result.kind === 'ran' && result.code === 0) return;
  const text = result.kind === 'ran' ? `${result.stdout}\n${result.stderr}` : result.kind;
  const end = text.trim().split('\n').slice(-LAST_LINES).join('\n');
  throw new EmbeddedAwsError(`cdk ${what} failed:\n${end}\n`, 'mend what it names and run it again');
}

const LAST_LINES = 25;
