import { needsReadEvents } from '../read-events.ts';
import type { RuleProblem } from '../rule.ts';
import { checkOnly } from './check-only.ts';
import { compileCorrelation } from './compile-correlation.ts';
import { compileDetection } from './compile-detection.ts';
import { compileFilter } from './compile-filter.ts';
import { compileMetadata } from './compile-metadata.ts';
import { compileOldCount, countedIdOf } from './compile-old-count.ts';
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
    const drafted = draftDocument(document, { file, index, context, report, warn });
    if (problems.length === before) drafts.push(...drafted);
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

/** One draft a document; two of an old count, none of what is wrong. */
function draftDocument(document: LocatedMap, place: Place): Draft[] {
  const { file, index, context, report, warn } = place;
  const action = entryOf(document, 'action');
  if (action !== undefined) {
    report(action.at, '`action` documents are of the first Sigma: write each rule out, or a `filter` document');
    return [];
  }
  const correlation = entryOf(document, 'correlation');
  const filter = entryOf(document, 'filter');
  const metadata = compileMetadata(document, { file, index, needsLogsource: correlation === undefined }, report);
  if (filter !== undefined) return drafted(compileFilter(metadata.id, filter.value, context, report));
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
    return draft === undefined ? [] : [{ kind: 'correlation', ...common, correlation: draft }];
  }
  const section = entryOf(document, 'detection');
  if (section === undefined) report(document.at, 'the rule has no `detection`');
  if (section === undefined) return [];
  const old = section.value.kind === 'map' ? compileOldCount(document, section.value, report) : 'none';
  if (old === undefined) return [];
  const detection = compileDetection(old === 'none' ? section.value : old.counted, context, report);
  if (detection === undefined) return [];
  if (rescind.only !== undefined) checkOnly(rescind.only, detection, context.policy, report, warn);
  const needsReads = common.header.needsReadEvents || needsReadEvents(detection);
  const header = { ...common.header, needsReadEvents: needsReads };
  const only = rescind.only === undefined ? {} : { only: rescind.only.only };
  if (old === 'none') return [{ kind: 'rule', ...common, header, detection, ...only }];
  const id = countedIdOf(header.id);
  const correlated = old.correlationOf(id);
  warn(
    correlated.at,
    'an old `| count` is read as a correlation: a `correlation` document says the same to every tool',
  );
  const counted = { ...header, id, title: `${header.title}, counted` };
  const base = { kind: 'rule', header: counted, at: common.at, tests: [], report, warn, detection, ...only } as const;
  return [base, { kind: 'correlation', ...common, header, correlation: correlated, counted: base }];
}

function drafted(draft: Draft | undefined): Draft[] {
  return draft === undefined ? [] : [draft];
}
