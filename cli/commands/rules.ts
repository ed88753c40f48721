import { join } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import type { CompiledFile } from '../../shared/rules/compile/link-rules.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import type { RuleProblem } from '../../shared/rules/rule.ts';
import { attackTechniques } from '../rules/attack-tags.ts';
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
  return command;
}

function check(paths: readonly string[], options: Options): number {
  const { rules, problems } = load(paths);
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
    for (const { rule, lacks } of untested)
      console.log(`${rule.header.file} ${pc.yellow('warning')} has no ${lacks.replace(' and ', ' and no ')}`);
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
