import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { JOBS } from '../shared/cases/own-roles.ts';
import { formatPolicyProblem } from '../shared/config/policy-problem.ts';
import { bundleFunctions } from './bundling/bundle-functions.ts';
import type { Context } from './configuration/read-context.ts';
import { readDeployment } from './configuration/read-deployment.ts';
import { chooseTarget } from './configuration/target.ts';
import { STACK_NAME } from './constructs/names.ts';
import { RescindStack } from './stacks/rescind-stack.ts';

export type AppOptions = Context & {
  /** Of the credentials in use, where the CDK's command line has found one. */
  readonly account?: string;
  /** Where the cloud assembly goes; the CDK's own choice without it. */
  readonly outputFolder?: string;
};

export type AppBuilding =
  | { readonly kind: 'built'; readonly app: App; readonly stack: RescindStack; readonly notices: readonly string[] }
  /** What the operator has to mend, a line each. */
  | { readonly kind: 'problems'; readonly lines: readonly string[] };

/** The whole deployment, from the operator's files to an app that only has to be synthesised. */
export async function buildApp(options: AppOptions): Promise<AppBuilding> {
  const { policyFile, local, account } = options;
  const deployment = readDeployment(policyFile, { local });
  if (deployment.kind === 'problems') return { kind: 'problems', lines: deployment.problems.map(formatPolicyProblem) };
  const { compiled, notices } = deployment;
  const target = chooseTarget({ local, account, homeRegion: compiled.policy.homeRegion });
  if (target.kind === 'refused') return { kind: 'problems', lines: [target.why] };

  const app = new App({
    ...(options.outputFolder === undefined ? {} : { outdir: options.outputFolder }),
    // The checks of templates take three quarters of a synth and find the same in every account, so the embedded AWS,
    // where people wait, goes without. Each synth for AWS has them, and the tests.
    builtinCloudFormationValidation: !local,
    treeMetadata: !local,
  });
  if (!local) Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));

  const bundles = join(app.outdir, 'functions');
  const source = options.functionsFolder ?? join(import.meta.dirname, '..', 'functions');
  await bundleFunctions({ jobs: JOBS, source, outputFolder: bundles, compiled });

  const stack = new RescindStack(app, STACK_NAME, {
    env: { region: target.region, ...(target.account === undefined ? {} : { account: target.account }) },
    compiled,
    codeOf: (job) => Code.fromAsset(join(bundles, job)),
    ...(target.kind === 'embedded' ? { onlyInAccount: target.account } : {}),
  });
  return { kind: 'built', app, stack, notices };
}
