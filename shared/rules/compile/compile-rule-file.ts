import { needsReadEvents } from '../read-events.ts';
import type { RuleProblem } from '../rule.ts';
import { checkOnly } from './check-only.ts';
import { compileCorrelation } from './compile-correlation.ts';
import { compileDetection } from './compile-detection.ts';
import { compileFilter } from './compile-filter.ts';
import { compileMetadata } from './compile-metadata.ts';
import { compileRescindKey } from './compile-rescind-key.ts';
import type { Draft } from './draft.ts';
import { type CompiledFile, linkRules } from './link-rules.ts';
import { entryOf, type LocatedMap } from './located.ts';
import { collectProblems, type Report } from './problems.ts';
import { readYaml } from './read-yaml.ts';
import { NO_CONTEXT, type RuleContext } from './rule-context.ts';

/**
 * Compiles one file of one or more Sigma documents that refer to nothing outside it. All problems come at once; a
 * document with a problem gives no rule, the others of the file still do. Uses the YAML library and both expression
 * engines: for synth and the command line, never for a function.
 */
export function compileRuleFile(text: string, file: string, context: RuleContext = NO_CONTEXT): CompiledFile {
  const { drafts, problems, warnings } = draftRuleFile(text, file, context);
  const linked = linkRules(drafts);
  return { ...linked, problems, warnings };
}

export type DraftedFile = {
  readonly drafts: readonly Draft[];
  readonly problems: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
};

/** The documents of one file; problems found later, when they are joined, are added to the same list. */
export function draftRuleFile(text: string, file: string, context: RuleContext): DraftedFile {
  const { report, problems } = collectProblems(file);
  const { report: warn, problems: warnings } = collectProblems(file);
  const drafts: Draft[] = [];
  const documents = readYaml(text, report);
  if (documents.length === 0 && problems.length === 0) report({ line: 1, column: 1 }, 'the file holds no rule');
  for (const [index, document] of documents.entries()) {
    if (document.kind !== 'map') {
      report(document.at, 'a rule is a map with title, logsource and detection');
      continue;
    }
    const before = problems.length;
    const draft = draftDocument(document, { file, index, context, report, warn });
    if (draft !== undefined && problems.length === before) drafts.push(draft);
  }
  return { drafts, problems, warnings };
}

type Place = {
  readonly file: string;
  readonly index: number;
  readonly context: RuleContext;
  readonly report: Report;
  readonly warn: Report;
};

function draftDocument(document: LocatedMap, place: Place): Draft | undefined {
  const { file, index, context, report, warn } = place;
  const action = entryOf(document, 'action');
  if (action !== undefined) {
    report(action.at, '`action` documents are of the first Sigma: write each rule out, or a `filter` document');
    return undefined;
  }
  const correlation = entryOf(document, 'correlation');
  const filter = entryOf(document, 'filter');
  const metadata = compileMetadata(document, { file, index, needsLogsource: correlation === undefined }, report);
  if (filter !== undefined) return compileFilter(metadata.id, filter.value, context, report);
  const rescind = compileRescindKey(entryOf(document, 'rescind')?.value, context.policy, report);
  const { name, ...shown } = metadata;
  const common = {
    header: {
      ...shown,
      file,
      subject: rescind.subject,
      ...(rescind.respond === undefined ? {} : { respond: rescind.respond }),
      needsReadEvents: rescind.needsReadEvents,
    },
    ...(name === undefined ? {} : { name }),
    at: document.at,
    tests: rescind.tests,
    report,
    warn,
  };
  if (correlation !== undefined) {
    if (rescind.only !== undefined) {
      report(rescind.only.at, '`only` asks about single events: write it in the rules that are correlated');
    }
    const draft = compileCorrelation(document, correlation.value, report);
    return draft === undefined ? undefined : { kind: 'correlation', ...common, correlation: draft };
  }
  const section = entryOf(document, 'detection');
  if (section === undefined) report(document.at, 'the rule has no `detection`');
  const detection = section === undefined ? undefined : compileDetection(section.value, context, report);
  if (detection === undefined) return undefined;
  if (rescind.only !== undefined) checkOnly(rescind.only, detection, context.policy, report, warn);
  const needsReads = common.header.needsReadEvents || needsReadEvents(detection);
  const only = rescind.only === undefined ? {} : { only: rescind.only.only };
  return { kind: 'rule', ...common, header: { ...common.header, needsReadEvents: needsReads }, detection, ...only };
}
