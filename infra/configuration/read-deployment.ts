import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type CompiledPolicy, compilePolicy } from '../../shared/config/compiled-policy.ts';
import type { Policy } from '../../shared/config/policy.ts';
import { POLICY_DEFAULTS } from '../../shared/config/policy-defaults.ts';
import type { PolicyProblem } from '../../shared/config/policy-problem.ts';
import { readPolicy } from '../../shared/config/read-policy.ts';
import { answerFor } from '../../shared/config/response.ts';
import { isPlaybook, PLAYBOOKS, unknownPlaybook } from '../../shared/containment/playbooks.ts';
import { compileRuleFiles, type RuleFile } from '../../shared/rules/compile/compile-rule-files.ts';
import { contextOf } from '../../shared/rules/compile/rule-context.ts';
import { MARKS_LOOKED_AT } from '../../shared/rules/correlate/keeping.ts';
import { whyDormant } from '../../shared/rules/only/why-dormant.ts';
import { readCorrelation } from '../../shared/rules/read-correlation.ts';
import type { CompiledRule, RuleHeader } from '../../shared/rules/rule.ts';

/** One thing wrong with the policy or a rule: both tell it alike. */
export type Problem = PolicyProblem;

export type Deployment =
  | {
      readonly kind: 'ready';
      readonly compiled: CompiledPolicy;
      /** What the operator should know and need not mend, a sentence each. */
      readonly notices: readonly string[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/**
 * Reads the operator's policy and the rules that it names, and compiles both. All problems of all files come at once; a
 * single one stops the deployment, so that nobody believes in a rule that is not there.
 */
export function readDeployment(policyFile: string, options: { readonly local: boolean }): Deployment {
  const file = shown(policyFile);
  let text: string;
  try {
    text = readFileSync(policyFile, 'utf8');
  } catch (error) {
    return problem(file, `cannot be read (${errorCode(error)}): name your policy with --context policy=FILE`);
  }
  const folder = dirname(resolve(policyFile));
  const { policy, problems: policyProblems } = readPolicy(text, file, {
    playbooks: PLAYBOOKS,
    ruleFolders: { has: (name) => existsSync(join(folder, name)) },
    readList: (name) => textOf(join(folder, name)),
    local: options.local,
  });
  const ruleFiles = (policy?.rules ?? ruleFoldersIn(text)).flatMap((name) => readRuleFolder(folder, name));
  const { rules, problems: ruleProblems } = compileRuleFiles(
    ruleFiles,
    policy === undefined ? undefined : contextOf(policy),
  );
  const problems = [
    ...policyProblems,
    ...ruleProblems,
    ...playbookProblems(policy, rules, ruleFiles),
    ...countProblems(rules),
  ];
  if (policy === undefined || problems.length > 0) return { kind: 'problems', problems };
  // A rule that cannot fire is not deployed: nothing need be delivered for it.
  const awake = rules.filter(({ only }) => whyDormant(only, policy) === undefined);
  return { kind: 'ready', compiled: compilePolicy(policy, awake), notices: dormantNotices(rules, policy) };
}

function dormantNotices(rules: readonly CompiledRule[], policy: Policy): readonly string[] {
  const titles = new Map<string, string[]>();
  for (const { header, only } of rules) {
    const why = whyDormant(only, policy);
    if (why !== undefined) titles.set(why, [...(titles.get(why) ?? []), header.title]);
  }
  return [...titles].map(([why, named]) => `Left out until ${why}: ${named.join('; ')}.`);
}

function textOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : undefined;
}

/** Of a policy that has problems elsewhere, so that those of the rules are told in the same breath. */
function ruleFoldersIn(policyText: string): readonly string[] {
  const document = parseDocument(policyText);
  if (document.errors.length > 0) return POLICY_DEFAULTS.rules;
  const named = z.object({ rules: z.array(z.string()) }).safeParse(document.toJS());
  const folders = named.success ? named.data.rules : POLICY_DEFAULTS.rules;
  return folders.filter((name) => !isAbsolute(name) && !normalize(name).startsWith('..'));
}

/** In the order of their names, so that the compiled asset is the same on every machine. */
function readRuleFolder(base: string, name: string): RuleFile[] {
  const folder = join(base, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ file: relative(base, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}

/** Which playbooks exist is the containment's knowledge; the compiler of rules only knows what a name looks like. */
function playbookProblems(
  policy: Policy | undefined,
  rules: readonly CompiledRule[],
  files: readonly RuleFile[],
): Problem[] {
  return rules.flatMap(({ header }) => {
    const { file, respond } = header;
    const message = respond === undefined ? undefined : whyNotPlaybook(policy, header, respond);
    if (message === undefined) return [];
    const lines = files.find((candidate) => candidate.file === file)?.text.split('\n') ?? [];
    const index = lines.findIndex((line) => line.trim() === `respond: ${respond}`);
    const column = (lines[index]?.indexOf('respond') ?? 0) + 1;
    return [{ file, line: Math.max(index, 0) + 1, column, message }];
  });
}

/** A rule says what is to be done, the operator for how long. */
function whyNotPlaybook(policy: Policy | undefined, header: RuleHeader, respond: string): string | undefined {
  if (!isPlaybook(respond)) return unknownPlaybook(respond);
  if (respond !== 'lock' || policy === undefined || answerFor(policy, header).forSeconds !== undefined)
    return undefined;
  return `lock must say for how long: give the first response in rescind.yaml that matches ${header.id} a time, e.g. for: 4 h`;
}

/** The deployed functions look at so many marks of a group: a rule that counts higher would silently never fire. */
function countProblems(rules: readonly CompiledRule[]): Problem[] {
  return rules.flatMap(({ header: { file, title }, detection }) => {
    const correlation = readCorrelation(detection);
    if (correlation?.type !== 'event_count' && correlation?.type !== 'value_count') return [];
    const { condition } = correlation;
    if (condition.kind !== 'bounds') return [];
    const counts = condition.bounds.filter(
      ({ operator, value }) => /^(gt|gte|eq)$/.test(operator) && value >= MARKS_LOOKED_AT,
    );
    return counts.map(({ value }) => {
      const message = `"${title}" counts to ${value}, and a deployed correlation looks at ${MARKS_LOOKED_AT} events at most: write a lower count`;
      return { file, line: 1, column: 1, message };
    });
  });
}

function problem(file: string, message: string): Deployment {
  return { kind: 'problems', problems: [{ file, line: 1, column: 1, message }] };
}

/** As the operator would type it: relative to where the command runs, unless that lies elsewhere. */
function shown(file: string): string {
  const path = relative(process.cwd(), resolve(file));
  return path.startsWith('..') ? file : path.split(sep).join('/');
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
