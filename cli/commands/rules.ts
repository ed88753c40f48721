import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import type { CompiledFile } from '../../shared/rules/compile/link-rules.ts';
import { ipaddrCidr } from '../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../shared/rules/engines/re2-regex.ts';
import { explain } from '../../shared/rules/evaluate/explain.ts';
import { readDetection } from '../../shared/rules/read-detection.ts';
import type { RuleProblem } from '../../shared/rules/rule.ts';
import { entriesOf } from '../backtest/read-log-file.ts';
import { attackTechniques } from '../rules/attack-tags.ts';
import { explanationLines } from '../rules/explanation-lines.ts';
import { readRuleFolders } from '../rules/read-rule-folders.ts';
import { runRuleTests, untestedRules } from '../rules/run-rule-tests.ts';
import { PathProblem } from '../terminal/path-problem.ts';
import { outputWidth, tableLines } from '../terminal/table.ts';

/** The rules that ship with Rescind. */
export const PACK = join(import.meta.dirname, '..', '..', 'rules');

type Options = { readonly json?: boolean };

export function rulesCommand(): Command {
  const command = new Command('rules')
    .description('Check, test and list detection rules')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  command
    .command('check')
    .description('Compile every rule and say what is wrong with them, with file, line and column')
    .argument('[dir...]', 'files and folders of Sigma rules; the pack of Rescind without any')
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options) => outcome(() => check(paths, options)));
  command
    .command('test')
    .description('Run the tests that stand inside the rules')
    .argument('[dir...]', 'files and folders of Sigma rules; the pack of Rescind without any')
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options) => outcome(() => test(paths, options)));
  command
    .command('list')
    .description('List the rules')
    .argument('[dir...]', 'files and folders of Sigma rules; the pack of Rescind without any')
    .option('--json', 'one JSON object a line')
    .action((paths: string[], options: Options) => outcome(() => list(paths, options)));
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
  const { rules, problems, warnings } = load(paths);
  for (const warning of warnings) console.error(`${problemLine(warning)} (warning)`);
  if (options.json === true) {
    for (const problem of problems) printJson({ kind: 'problem', ...problem });
    printJson({ kind: 'summary', rules: rules.length, problems: problems.length });
  } else {
    for (const problem of problems) console.log(problemLine(problem));
    console.log(`${count(rules.length, 'rule')}, ${count(problems.length, 'problem')}`);
  }
  return problems.length === 0 ? 0 : 1;
}

function test(paths: readonly string[], options: Options): number {
  const { rules, tests, problems } = load(paths);
  const results = runRuleTests(rules, tests);
  const failed = results.filter((result) => !result.passed);
  const untested = untestedRules(rules, tests);
  if (options.json === true) {
    for (const problem of problems) printJson({ kind: 'problem', ...problem });
    for (const { test, passed, got } of results) {
      printJson({ kind: 'test', ruleId: test.ruleId, file: test.file, line: test.line, name: test.name, passed, got });
    }
    for (const { rule, lacks } of untested)
      printJson({ kind: 'untested', ruleId: rule.header.id, file: rule.header.file, lacks });
    printJson({
      kind: 'summary',
      rules: rules.length,
      tests: results.length,
      failed: failed.length,
      problems: problems.length,
    });
  } else {
    for (const problem of problems) console.log(problemLine(problem));
    for (const { test, got } of failed) {
      const wanted = test.match ? 'had to fire' : 'had to stay silent';
      console.log(`${test.file}:${test.line} ${pc.red('failed')} ${test.name}: the rule ${wanted} and ${got}`);
    }
    for (const { rule, lacks } of untested) console.log(`${rule.header.file} ${pc.yellow('warning')} lacks ${lacks}`);
    console.log(
      `${count(rules.length, 'rule')}, ${count(results.length, 'test')}, ${failed.length} failed, ${count(problems.length, 'problem')}`,
    );
  }
  return failed.length === 0 && problems.length === 0 ? 0 : 1;
}

function list(paths: readonly string[], options: Options): number {
  const { rules, problems } = load(paths);
  if (options.json === true) {
    for (const { header } of rules) printJson({ kind: 'rule', ...header });
  } else {
    const rows = rules.map(({ header }) => [
      header.level,
      header.title,
      attackTechniques(header.tags).join(' '),
      header.respond ?? 'by policy',
      header.needsReadEvents ? 'read-events' : '',
      header.file,
    ]);
    const columns = [
      { title: 'LEVEL' },
      { title: 'RULE', shrink: true },
      { title: 'ATT&CK' },
      { title: 'PLAYBOOK' },
      { title: 'NEEDS' },
      { title: 'FILE', shrink: true },
    ] as const;
    const [title = '', ...lines] = tableLines(columns, rows, outputWidth(process.stdout));
    console.log(pc.bold(title));
    for (const line of lines) console.log(line);
  }
  for (const problem of problems) console.error(problemLine(problem));
  return problems.length === 0 ? 0 : 1;
}

function explainRule(wanted: string, path: string, options: Options & { readonly rules?: string[] }): number {
  const { rules } = load(options.rules ?? []);
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
      pc.bold(`${rule.header.title} ${explanation.holds ? 'fires' : 'stays silent'} on ${path} record ${index}`),
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

function load(paths: readonly string[]): CompiledFile {
  return compileRuleFiles(readRuleFolders(paths.length === 0 ? [PACK] : paths));
}

function outcome(run: () => number): void {
  try {
    process.exitCode = run();
  } catch (error) {
    if (!(error instanceof PathProblem)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

function problemLine({ file, line, column, message }: RuleProblem): string {
  return `${file}:${line}:${column} ${message}`;
}

function printJson(value: object): void {
  console.log(JSON.stringify(value));
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
