import { join } from 'node:path';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import type { CompiledFile } from '../../shared/rules/compile/link-rules.ts';
import type { RuleProblem } from '../../shared/rules/rule.ts';
import { readRuleFolders } from './read-rule-folders.ts';

/** The rules that ship with Rescind. */
export const PACK = join(import.meta.dirname, '..', '..', 'rules');

/** The rules under the given paths; the pack without any. */
export function loadRules(paths: readonly string[]): CompiledFile {
  return compileRuleFiles(readRuleFolders(paths.length === 0 ? [PACK] : paths));
}

export function problemLine({ file, line, column, message }: RuleProblem): string {
  return `${file}:${line}:${column} ${message}`;
}

export function printJson(value: object): void {
  console.log(JSON.stringify(value));
}
