import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { JsonObject } from '../../shared/json.ts';
import { countedIdOf, isCounted } from '../../shared/rules/compile/compile-old-count.ts';
import { ALL_ENGINES } from '../../shared/rules/engines/all-engines.ts';
import { type Explanation, explain } from '../../shared/rules/evaluate/explain.ts';
import { explainOnly } from '../../shared/rules/only/explain-only.ts';
import type { OnlyPolicy } from '../../shared/rules/only/only.ts';
import { readDetection } from '../../shared/rules/read-detection.ts';
import { RuleLoadError } from '../../shared/rules/read-json.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import { entriesOf } from '../backtest/read-log-file.ts';
import { explanationLines } from '../rules/explanation-lines.ts';
import { listRules } from '../rules/list-rules.ts';
import { loadRules, printJson, problemLine, wholeRules } from '../rules/load-rules.ts';
import { measureTraffic } from '../rules/measure-traffic.ts';
import { readPolicyFile } from '../rules/read-policy-file.ts';
import { testRules } from '../rules/test-rules.ts';
import { colour } from '../terminal/colour.ts';
import { PathProblem } from '../terminal/path-problem.ts';
import { plural } from '../terminal/plural.ts';

type Options = { readonly json?: boolean; readonly policy?: string };

const POLICY_SAID = 'the policy whose schedules and lists the rules name (default: rescind.yaml of this folder)';

const lessons = `
Editors complete and check a rule while it is written, with this as its first line:

  # yaml-language-server: $schema=${join(import.meta.dirname, '..', '..', 'schemas', 'rule.schema.json')}`;

export function rulesCommand(): Command {
  const command = new Command('rules')
    .description('Check, test and list detection rules')
    .addHelpText('after', lessons)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  command
    .command('check')
    .description('Compile every rule and say what is wrong with them, with file, line and column')
    .argument('[dir...]', 'files and folders of Sigma rules; the pack of Rescind without any')
    .option('--policy <file>', POLICY_SAID)
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options) => outcome(() => check(paths, options)));
  command
    .command('test')
    .description('Run the tests that stand inside the rules, and show what their playbooks would do')
    .argument('[dir...]', 'files and folders of Sigma rules; the pack of Rescind without any')
    .option(
      '--policy <file>',
      'what `only` refers to, for tests that are not given it (default: rescind.yaml of this folder)',
    )
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options) => outcome(() => testRules(paths, options)));
  command
    .command('list')
    .description('List the rules with the playbook and the mode that answer them')
    .argument('[dir...]', 'files and folders of Sigma rules; the pack of Rescind without any')
    .option('--policy <file>', 'the policy that answers the rules (default: rescind.yaml of this folder)')
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options) => outcome(() => listRules(paths, options)));
  command
    .command('traffic')
    .description('Measure on your logs which share of the calls EventBridge would deliver, and for which rules')
    .argument('<path...>', 'files and folders of CloudTrail logs')
    .option('--rules <dir...>', 'files and folders of Sigma rules (default: the pack of Rescind)')
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options & { readonly rules?: string[] }) =>
      outcome(() => measureTraffic(paths, options)),
    );
  command
    .command('explain')
    .description('Say why a rule fires on a record or does not, value by value')
    .argument('<rule>', 'the id, title or file of a rule')
    .argument('<event>', 'a file with CloudTrail records')
    .option('--rules <dir...>', 'files and folders of Sigma rules (default: the pack of Rescind)')
    .option('--policy <file>', POLICY_SAID)
    .option('--json', 'one JSON object a line')
    .action((rule: string, event: string, options: Options & { readonly rules?: string[] }) =>
      outcome(() => explainRule(rule, event, options)),
    );
  return command;
}

function check(paths: readonly string[], options: Options): number {
  const { context } = readPolicyFile(options.policy);
  const { rules, problems, warnings } = loadRules(paths, context);
  if (context.policy === undefined && rules.some(({ only }) => only !== undefined)) {
    console.error(
      'No rescind.yaml here: the names of schedules and lists are not checked. Name one with --policy FILE.',
    );
  }
  for (const warning of warnings) console.error(`${problemLine(warning)} (warning)`);
  if (options.json === true) {
    for (const problem of problems) printJson({ kind: 'problem', ...problem });
    printJson({ kind: 'summary', rules: wholeRules(rules).length, problems: problems.length });
  } else {
    for (const problem of problems) console.log(problemLine(problem));
    console.log(`${plural(wholeRules(rules).length, 'rule')}, ${plural(problems.length, 'problem')}`);
  }
  return problems.length === 0 ? 0 : 1;
}

function explainRule(wanted: string, path: string, options: Options & { readonly rules?: string[] }): number {
  const { policy, context } = readPolicyFile(options.policy);
  const { rules, problems } = loadRules(options.rules ?? [], context);
  // The rule asked for may be one that does not compile.
  for (const problem of problems) console.error(problemLine(problem));
  const found = rules.find(
    ({ header }) => !isCounted(header.id) && [header.id, header.title, header.file].includes(wanted),
  );
  // Of a rule that counts, what can be explained of one record is whether it is counted.
  const rule = rules.find(({ header }) => found !== undefined && header.id === countedIdOf(found.header.id)) ?? found;
  if (rule === undefined) throw new PathProblem(`there is no rule ${wanted}: \`rescind rules list\` shows them`);
  if (rule.detection.correlation !== undefined) {
    throw new PathProblem(`${wanted} correlates several events: explain one of the rules it is made of`);
  }
  const records = entriesOf(readText(path)).flatMap((entry) => (entry.kind === 'record' ? [entry.record] : []));
  if (records.length === 0) throw new PathProblem(`${path} holds no CloudTrail record`);
  for (const [index, record] of records.entries()) {
    const explanation = explanationOf(rule, record, policy);
    if (options.json === true) {
      printJson({ kind: 'explanation', ruleId: rule.header.id, source: { file: path, index }, ...explanation });
      continue;
    }
    console.log(
      colour.bold(`${rule.header.title} ${explanation.holds ? 'fires' : 'stays silent'} on ${path} record ${index}`),
    );
    for (const line of explanationLines(explanation, 1)) console.log(line);
  }
  return 0;
}

function explanationOf(rule: CompiledRule, record: JsonObject, policy: OnlyPolicy): Explanation {
  const explanation = explain(readDetection(rule.detection), record, ALL_ENGINES);
  if (rule.only === undefined) return explanation;
  try {
    const parts = [explanation, ...explainOnly(rule.only, record, policy, ALL_ENGINES)];
    return { holds: parts.every(({ holds }) => holds), text: 'detection and only', parts };
  } catch (error) {
    if (!(error instanceof RuleLoadError) && !(error instanceof TypeError)) throw error;
    throw new PathProblem(`${rule.header.file}: ${error.message}`, { cause: error });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PathProblem(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function outcome(run: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!(error instanceof PathProblem)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
