import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { App } from 'aws-cdk-lib';
import { formatPolicyProblem } from '../shared/config/policy-problem.ts';
import { protectedArns } from '../shared/config/protected.ts';
import type { Context, GuardContext } from './configuration/read-context.ts';
import { readDeployment } from './configuration/read-deployment.ts';
import { guardScps } from './constructs/guard-scps.ts';
import { GUARD_STACK_NAME } from './constructs/names.ts';
import { GuardStack } from './stacks/guard-stack.ts';

export type GuardOptions = Pick<Context, 'policyFile'> & {
  readonly guard: GuardContext;
  /** Of the credentials in use, where the CDK's command line has found one. */
  readonly account?: string;
  readonly outputFolder?: string;
};

export type GuardBuilding =
  /** `files`: each policy as JSON, for those who manage service control policies elsewhere. `notices` name them. */
  | {
      readonly kind: 'built';
      readonly app: App;
      readonly stack: GuardStack;
      readonly files: readonly string[];
      readonly notices: readonly string[];
    }
  | { readonly kind: 'problems'; readonly lines: readonly string[] };

/** The organisation's guard by itself: it goes to another account than Rescind, by other hands. */
export function buildGuard({ policyFile, guard, account, outputFolder }: GuardOptions): GuardBuilding {
  const deployment = readDeployment(policyFile, { local: false });
  if (deployment.kind === 'problems') return { kind: 'problems', lines: deployment.problems.map(formatPolicyProblem) };
  const { policy } = deployment.compiled;
  const { homeRegion } = policy;
  const breakGlass = protectedArns(policy);
  const lines = [
    ...(breakGlass.length > 0
      ? []
      : [
          'The guard needs break-glass principals under `protected`, users or roles of IAM: without any, only a deployment could undo it.',
        ]),
    ...guard.targets
      .filter((target) => !TARGET_ID.test(target))
      .map(
        (target) =>
          `guard-targets: ${JSON.stringify(target)} is no id of a root (r-ab12), a unit (ou-ab12-cdefgh34) or an account.`,
      ),
  ];
  if (lines.length > 0) return { kind: 'problems', lines };
  const partition = partitionOf(homeRegion);
  const { deployers = bootstrappedRoles(partition, homeRegion) } = guard;
  const scps = guardScps({ breakGlass, deployers, partition });

  const app = new App({
    ...(outputFolder === undefined ? {} : { outdir: outputFolder }),
    // Neither the CDK's checks of templates nor cdk-nag's have a rule on what is in this one, save the ids checked above.
    builtinCloudFormationValidation: false,
  });
  const stack = new GuardStack(app, GUARD_STACK_NAME, {
    // Organizations is reached in one region of each partition; CloudFormation may call it from any.
    env: { region: homeRegion, ...(account === undefined ? {} : { account }) },
    scps,
    targetIds: guard.targets,
  });
  mkdirSync(app.outdir, { recursive: true });
  const files = scps.map(({ name, document }) => {
    const file = join(app.outdir, `${name}.json`);
    writeFileSync(file, `${JSON.stringify(document)}\n`);
    return file;
  });
  const notices = files.map((file) => `${relative(process.cwd(), file)}: a service control policy as JSON`);
  return { kind: 'built', app, stack, files, notices };
}

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html */
const TARGET_ID = /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12})$/;

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/**
 * The role that changes resources and the one that hands the template over, as `cdk bootstrap` names them. An account id is
 * twelve digits: a star in its place would take in any name.
 */
function bootstrappedRoles(partition: string, region: string): readonly string[] {
  return ['cfn-exec', 'deploy'].map(
    (role) => `arn:${partition}:iam::*:role/cdk-hnb659fds-${role}-role-????????????-${region}`,
  );
}
