import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { ipaddrCidr } from '../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../shared/rules/engines/re2-regex.ts';
import { explain } from '../../shared/rules/evaluate/explain.ts';
import { readDetection } from '../../shared/rules/read-detection.ts';
import { entriesOf } from '../backtest/read-log-file.ts';
import { explanationLines } from '../rules/explanation-lines.ts';
import { listRules } from '../rules/list-rules.ts';
import { loadRules, printJson, problemLine } from '../rules/load-rules.ts';
import { testRules } from '../rules/test-rules.ts';
import { colour } from '../terminal/colour.ts';
import { PathProblem } from '../terminal/path-problem.ts';
import { plural } from '../terminal/plural.ts';

type Options = { readonly json?: boolean };

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
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options) => outcome(() => check(paths, options)));
  command
    .command('test')
    .description('Run the tests that stand inside the rules, and show what their playbooks would do')
    .argument('[dir...]', 'files and folders of Sigma rules; the pack of Rescind without any')
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options) => outcome(() => testRules(paths, options)));
  command
    .command('list')
    .description('List the rules with the playbook and the mode that answer them')
    .argument('[dir...]', 'files and folders of Sigma rules; the pack of Rescind without any')
    .option('--policy <file>', 'the policy that answers the rules (default: rescind.yaml of this folder)')
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options & { readonly policy?: string }) =>
      outcome(() => listRules(paths, options)),
    );
  command
    .command('explain')
    .description('Say why a rule fires on a record or does not, value by value')
    .argument('<rule>', 'the id, title or file of a rule')
    .argument('<event>', 'a file with CloudTrail records')
    .option('--rules <dir...>', 'files and folders of Sigma rules (default: the pack of Rescind)')
    .option('--json', 'one JSON object a line')
    .action((rule: string, event: string, options: Options & { readonly rules?: string[] }) =>
      outcome(() => explainRule(rule, event, options)),
    );
  return command;
}

function check(paths: readonly string[], options: Options): number {
  const { rules, problems, warnings } = loadRules(paths);
  for (const warning of warnings) console.error(`${problemLine(warning)} (warning)`);
  if (options.json === true) {
    for (const problem of problems) printJson({ kind: 'problem', ...problem });
    printJson({ kind: 'summary', rules: rules.length, problems: problems.length });
  } else {
    for (const problem of problems) console.log(problemLine(problem));
    console.log(`${plural(rules.length, 'rule')}, ${plural(problems.length, 'problem')}`);
  }
  return problems.length === 0 ? 0 : 1;
}

function explainRule(wanted: string, path: string, options: Options & { readonly rules?: string[] }): number {
  const { rules } = loadRules(options.rules ?? []);
  const rule = rules.find(({ header }) => [header.id, header.title, header.file].includes(wanted));
  if (rule === undefined) throw new PathProblem(`there is no rule ${wanted}: \`rescind rules list\` shows them`);
  if (rule.detection.correlation !== undefined) {
    throw new PathProblem(`${wanted} correlates several events: explain one of the rules it is made of`);
  }
  const detection = readDetection(rule.detection);
  const records = entriesOf(readText(path)).flatMap((entry) => (entry.kind === 'record' ? [entry.record] : []));
  if (records.length === 0) throw new PathProblem(`${path} holds no CloudTrail record`);
  for (const [index, record] of records.entries()) {
    const explanation = explain(detection, record, { regex: re2Regex, cidr: ipaddrCidr });
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
