import type { CompiledRule, RuleProblem } from '../rule.ts';
import { NO_CONTEXT, type RuleContext } from './compile-item.ts';
import { type CompiledFile, compileRuleFile, type RuleTest } from './compile-rule-file.ts';

/** A rule file as read from disk; `file` is its path relative to the project, with forward slashes. */
export type RuleFile = { readonly file: string; readonly text: string };

/**
 * Compiles a collection. An id that two rules share is reported at the second, yet both stay in force: losing a rule over
 * its label would be the worse mistake.
 */
export function compileRuleFiles(files: readonly RuleFile[], context: RuleContext = NO_CONTEXT): CompiledFile {
  const rules: CompiledRule[] = [];
  const tests: RuleTest[] = [];
  const problems: RuleProblem[] = [];
  const fileOfId = new Map<string, string>();
  for (const { file, text } of files) {
    const compiled = compileRuleFile(text, file, context);
    problems.push(...compiled.problems);
    tests.push(...compiled.tests);
    for (const rule of compiled.rules) {
      const { id } = rule.header;
      const other = fileOfId.get(id);
      if (other !== undefined) {
        problems.push({
          file,
          line: lineOf(text, id),
          column: 1,
          message: `the id ${id} is also that of a rule in ${other}: write a new one`,
        });
      }
      fileOfId.set(id, other ?? file);
      rules.push(rule);
    }
  }
  return { rules, tests, problems };
}

function lineOf(text: string, id: string): number {
  const at = text.indexOf(id);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}
