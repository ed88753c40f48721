import type { RuleProblem } from '../rule.ts';
import { draftRuleFile } from './compile-rule-file.ts';
import { type CompiledFile, linkRules } from './link-rules.ts';
import { NO_CONTEXT, type RuleContext } from './rule-context.ts';

/** A rule file as read from disk; `file` is its path relative to the project, with forward slashes. */
export type RuleFile = { readonly file: string; readonly text: string };

/**
 * Compiles a collection, in which correlations and filters may refer to rules of other files. An id that two rules share
 * is reported at the second, yet both stay in force: losing a rule over its label would be the worse mistake.
 */
export function compileRuleFiles(files: readonly RuleFile[], context: RuleContext = NO_CONTEXT): CompiledFile {
  const drafted = files.map(({ file, text }) => draftRuleFile(text, file, context));
  const { rules, tests } = linkRules(drafted.flatMap(({ drafts }) => drafts));
  const textOf = new Map(files.map(({ file, text }) => [file, text]));
  const fileOfId = new Map<string, string>();
  const shared: RuleProblem[] = [];
  for (const { header } of rules) {
    const { id, file } = header;
    const other = fileOfId.get(id);
    if (other === undefined) fileOfId.set(id, file);
    else {
      const message = `the id ${id} is also that of a rule in ${other}: write a new one`;
      shared.push({ file, line: lineOf(textOf.get(file) ?? '', id), column: 1, message });
    }
  }
  return {
    rules,
    tests,
    problems: [...drafted.flatMap(({ problems }) => problems), ...shared],
    warnings: drafted.flatMap(({ warnings }) => warnings),
  };
}

function lineOf(text: string, id: string): number {
  const at = text.indexOf(id);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}
