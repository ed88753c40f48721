import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Policy } from '../../shared/config/policy.ts';
import { readPolicy } from '../../shared/config/read-policy.ts';
import { PLAYBOOKS } from '../../shared/containment/playbooks.ts';
import { contextOf, NO_CONTEXT, type RuleContext } from '../../shared/rules/compile/rule-context.ts';
import type { OnlyPolicy } from '../../shared/rules/only/only.ts';
import { PathProblem } from '../terminal/path-problem.ts';

/** The policy as far as commands without an account go by it. */
export type AppliedPolicy = {
  readonly policy: Pick<Policy, 'mode' | 'responses' | 'protected' | 'breaker' | 'alerts' | 'record' | 'rules'> &
    OnlyPolicy;
  /** The file that it is from, or a word that there was none. */
  readonly from: string;
  /** What rules may refer to: nothing where there was no file. */
  readonly context: RuleContext;
};

const HERE = 'rescind.yaml';

/** What `from` says where there was no file. */
export const NO_POLICY_FILE = 'no rescind.yaml';

/**
 * The operator's policy: the file that was named, else `rescind.yaml` of the current folder, else what holds without one.
 * Whether its folders of rules exist is not asked, for the rules to use are given on the command line.
 */
export function readPolicyFile(named: string | undefined): AppliedPolicy {
  if (named === undefined && !existsSync(HERE)) {
    const policy = policyOf(`version: 1\nhome-region: us-east-1\n`, 'defaults');
    return { policy, from: NO_POLICY_FILE, context: NO_CONTEXT };
  }
  const file = named ?? HERE;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = missing ? 'there is no such file' : error instanceof Error ? error.message : String(error);
    throw new PathProblem(`cannot read the policy ${file}: ${reason}`, { cause: error });
  }
  const policy = policyOf(text, file);
  return { policy, from: file, context: contextOf(policy) };
}

function policyOf(text: string, file: string): Policy {
  // Local: times below AWS's least are the deployment's concern and not of what is shown here.
  const { policy, problems } = readPolicy(text, file, {
    playbooks: PLAYBOOKS,
    local: true,
    readList: (name) => {
      const path = join(dirname(file), name);
      return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : undefined;
    },
  });
  if (policy !== undefined) return policy;
  const lines = problems.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`);
  throw new PathProblem(lines.join('\n'));
}
