import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedAwsError } from './embedded-aws-error.ts';
import { projectFolder } from './project-folder.ts';
import { type ProgramResult, runProgram } from './run-program.ts';
import type { EmbeddedAws } from './start-embedded-aws.ts';

const project = join(import.meta.dirname, '..', '..');
const cdkProgram = join(project, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** Where the CDK keeps its assets; once an account, before the first deployment. */
export async function bootstrapAccount(aws: EmbeddedAws): Promise<void> {
  // In a folder without a cdk.json: the CDK would synthesise the app first, and bootstrapping needs none.
  await mkdir(projectFolder, { recursive: true });
  const environment = `aws://${aws.account}/${aws.region}`;
  orFail('cdk bootstrap', await cdk(aws, ['bootstrap', environment], projectFolder));
}

/**
 * Makes the templates and assets of a policy: the same app that goes to AWS, marked as being for an embedded one. It
 * needs no AWS, so it can run while one starts.
 */
export async function synthesiseStack(options: {
  policyFile: string;
  outputFolder: string;
  account: string;
}): Promise<void> {
  const context = { local: 'true', policy: options.policyFile };
  const env = {
    ...process.env,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_OUTDIR: options.outputFolder,
    CDK_DEFAULT_ACCOUNT: options.account,
  };
  const app = ['--import', 'tsx', join('infra', 'app.ts')];
  orFail('The synthesis', await runProgram(process.execPath, app, { env, cwd: project }));
}

/** Deploys what was synthesised, by the CDK's own command line. Again with another assembly, it is an update. */
export async function deployAssembly(aws: EmbeddedAws, outputFolder: string): Promise<void> {
  // Direct: the stack is changed in one call; a change set is for people who want to look at it first.
  const flags = ['--app', outputFolder, '--method', 'direct', '--require-approval', 'never'];
  orFail('cdk deploy', await cdk(aws, ['deploy', 'Rescind', ...flags], project));
}

function cdk(aws: EmbeddedAws, args: readonly string[], cwd: string): Promise<ProgramResult> {
  return runProgram(process.execPath, [cdkProgram, ...args, '--ci', '--no-color'], {
    env: aws.childEnvironment(),
    cwd,
  });
}

/** The end of what a program printed is where it says what went wrong. */
const LAST_LINES = 25;

function orFail(what: string, result: ProgramResult): void {
  if (result.kind === 'ran' && result.code === 0) return;
  const text = result.kind === 'ran' ? `${result.stdout}\n${result.stderr}` : result.kind;
  const end = text.trim().split('\n').slice(-LAST_LINES).join('\n');
  throw new EmbeddedAwsError(`${what} failed:\n${end}\n`, 'mend what it names and run it again');
}
