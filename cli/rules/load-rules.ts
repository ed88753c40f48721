import { join } from 'node:path';
import { isCounted } from '../../shared/rules/compile/compile-old-count.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import type { CompiledFile } from '../../shared/rules/compile/link-rules.ts';
import { NO_CONTEXT, type RuleContext } from '../../shared/rules/compile/rule-context.ts';
import type { CompiledRule, RuleProblem } from '../../shared/rules/rule.ts';
import { readRuleFolders } from './read-rule-folders.ts';

/** The rules that ship with Rescind. */
export const PACK = join(import.meta.dirname, '..', '..', 'rules');

/** The rules under the given paths; the pack without any. */
export function loadRules(paths: readonly string[], context: RuleContext = NO_CONTEXT): CompiledFile {
  return compileRuleFiles(readRuleFolders(paths.length === 0 ? [PACK] : paths), context);
}

/** As the files have them: what an old count counts is no rule of its own. */
export function wholeRules(rules: readonly CompiledRule[]): readonly CompiledRule[] {
  return rules.filter(({ header }) => !isCounted(header.id));
}

export function problemLine({ file, line, column, message }: RuleProblem): string {
  return `${file}:${line}:${column} ${message}`;
}

export function printJson(value: object): void {
  console.log(JSON.stringify(value));
}
