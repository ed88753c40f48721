import type { JsonObject } from '../../json.ts';
import type { Detection } from '../detection.ts';
import { needsReadEvents } from '../read-events.ts';
import type { CompiledRule, RuleProblem } from '../rule.ts';
import { compileDetection } from './compile-detection.ts';
import { NO_CONTEXT, type RuleContext } from './compile-item.ts';
import { compileMetadata } from './compile-metadata.ts';
import { compileRescindKey, type RuleTestCase } from './compile-rescind-key.ts';
import { entryOf, type LocatedMap } from './located.ts';
import { collectProblems, type Report } from './problems.ts';
import { readYaml } from './read-yaml.ts';

export type RuleTest = RuleTestCase & { readonly ruleId: string; readonly file: string };

export type CompiledFile = {
  readonly rules: readonly CompiledRule[];
  readonly tests: readonly RuleTest[];
  readonly problems: readonly RuleProblem[];
};

/**
 * Compiles one file of one or more Sigma documents. All problems come at once; a document with a problem gives no rule,
 * the others of the file still do. Uses the YAML library and both expression engines: for synth and the command line,
 * never for a function.
 */
export function compileRuleFile(text: string, file: string, context: RuleContext = NO_CONTEXT): CompiledFile {
  const { report, problems } = collectProblems(file);
  const rules: CompiledRule[] = [];
  const tests: RuleTest[] = [];
  const documents = readYaml(text, report);
  if (documents.length === 0 && problems.length === 0) report({ line: 1, column: 1 }, 'the file holds no rule');
  for (const [index, document] of documents.entries()) {
    if (document.kind !== 'map') {
      report(document.at, 'a rule is a map with title, logsource and detection');
      continue;
    }
    const before = problems.length;
    const compiled = compileDocument(document, file, index, context, report);
    if (compiled === undefined || problems.length > before) continue;
    rules.push(compiled.rule);
    tests.push(...compiled.tests);
  }
  return { rules, tests, problems };
}

const COLLECTIONS = ['correlation', 'filter', 'action'];

function compileDocument(
  document: LocatedMap,
  file: string,
  index: number,
  context: RuleContext,
  report: Report,
): { readonly rule: CompiledRule; readonly tests: readonly RuleTest[] } | undefined {
  const unsupported = COLLECTIONS.map((key) => entryOf(document, key)).find((entry) => entry !== undefined);
  if (unsupported !== undefined) {
    report(unsupported.at, `\`${unsupported.key}\` documents are not supported yet`);
    return undefined;
  }
  const metadata = compileMetadata(document, file, index, report);
  const rescind = compileRescindKey(entryOf(document, 'rescind')?.value, report);
  const section = entryOf(document, 'detection');
  if (section === undefined) report(document.at, 'the rule has no `detection`');
  const detection = section === undefined ? undefined : compileDetection(section.value, context, report);
  if (detection === undefined) return undefined;
  const { subject, respond } = rescind;
  return {
    rule: {
      header: {
        ...metadata,
        file,
        subject,
        ...(respond === undefined ? {} : { respond }),
        needsReadEvents: rescind.needsReadEvents || needsReadEvents(detection),
      },
      detection: asJson(detection),
    },
    tests: rescind.tests.map((test) => ({ ...test, ruleId: metadata.id, file })),
  };
}

/** A detection is JSON already; this only says so to the type system, field by field. */
function asJson(detection: Detection): JsonObject {
  return { condition: detection.condition, searches: detection.searches };
}
