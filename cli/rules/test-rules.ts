import { colour } from '../terminal/colour.ts';
import { plural } from '../terminal/plural.ts';
import { type ExamplePlan, examplePlans } from './example-plan.ts';
import { loadRules, printJson, problemLine, wholeRules } from './load-rules.ts';
import { planLines } from './plan-lines.ts';
import { readPolicyFile } from './read-policy-file.ts';
import { runRuleTests, untestedRules } from './run-rule-tests.ts';

/** `rescind rules test`: gives the exit code. */
export async function testRules(
  paths: readonly string[],
  options: { readonly json?: boolean; readonly policy?: string },
): Promise<number> {
  const { policy, context } = readPolicyFile(options.policy);
  const { rules, tests, problems } = loadRules(paths, context);
  const results = runRuleTests(rules, tests, policy);
  const failed = results.filter((result) => !result.passed);
  const untested = untestedRules(rules, tests);
  const plans = await examplePlans(rules, tests);
  if (options.json === true) {
    for (const problem of problems) printJson({ kind: 'problem', ...problem });
    for (const { test, passed, got } of results) {
      printJson({ kind: 'test', ruleId: test.ruleId, file: test.file, line: test.line, name: test.name, passed, got });
    }
    for (const { rule, lacks } of untested)
      printJson({ kind: 'untested', ruleId: rule.header.id, file: rule.header.file, lacks });
    for (const plan of plans) printJson(planJson(plan));
    printJson({
      kind: 'summary',
      rules: wholeRules(rules).length,
      tests: results.length,
      failed: failed.length,
      problems: problems.length,
    });
  } else {
    for (const line of planLines(plans)) console.log(line);
    if (plans.length > 0) console.log('');
    for (const problem of problems) console.log(problemLine(problem));
    for (const { test, got } of failed) {
      const wanted = test.match ? 'had to fire' : 'had to stay silent';
      console.log(`${test.file}:${test.line} ${colour.red('failed')} ${test.name}: the rule ${wanted} and ${got}`);
    }
    for (const line of untestedLines(untested)) console.log(line);
    console.log(
      `${plural(wholeRules(rules).length, 'rule')}, ${plural(results.length, 'test')}, ${failed.length} failed, ${plural(problems.length, 'problem')}`,
    );
  }
  return failed.length === 0 && problems.length === 0 ? 0 : 1;
}

/** Past these, as of a public collection, whose rules have no tests at all, the files are not listed one by one. */
const NAMED_FILES = 10;

function untestedLines(untested: ReturnType<typeof untestedRules>): string[] {
  const lines = untested
    .slice(0, NAMED_FILES)
    .map(({ rule, lacks }) => `${rule.header.file} ${colour.yellow('warning')} lacks ${lacks}`);
  const more = untested.length - lines.length;
  return more > 0 ? [...lines, `and ${plural(more, 'rule')} more without: --json names them all`] : lines;
}

function planJson({ rule, playbook, subject, result }: ExamplePlan): object {
  return {
    kind: 'plan',
    example: true,
    ruleId: rule.id,
    file: rule.file,
    playbook,
    ...(subject === undefined ? {} : { subject }),
    calls: result.kind === 'calls' ? result.steps.map(({ call }) => call) : [],
    ...(result.kind === 'none' ? { why: result.why } : {}),
  };
}
