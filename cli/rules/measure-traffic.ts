import { compileEventPatterns, type EventPattern } from '../../shared/rules/event-patterns.ts';
import { patternPasses } from '../../shared/rules/pattern-passes.ts';
import { findLogFiles } from '../backtest/log-files.ts';
import { readLogFile } from '../backtest/read-log-file.ts';
import { colour } from '../terminal/colour.ts';
import { number, plural } from '../terminal/plural.ts';
import { outputWidth, tableLines } from '../terminal/table.ts';
import { loadRules, printJson, problemLine } from './load-rules.ts';

/** `rescind rules traffic`: gives the exit code. */
export async function measureTraffic(
  paths: readonly string[],
  options: { readonly json?: boolean; readonly rules?: readonly string[] },
): Promise<number> {
  const files = findLogFiles(paths);
  const { rules, problems } = loadRules(options.rules ?? []);
  for (const problem of problems) console.error(problemLine(problem));
  const measured = compileEventPatterns(rules).map((pattern) => ({ pattern, delivered: 0 }));
  let records = 0;
  let delivered = 0;
  let unreadable = 0;
  for (const file of files) {
    for await (const batch of readLogFile(file)) {
      for (const entry of batch) {
        if (entry.kind === 'unreadable') {
          unreadable += 1;
          continue;
        }
        records += 1;
        const passing = measured.filter(({ pattern }) => patternPasses(pattern, entry.record));
        for (const each of passing) each.delivered += 1;
        if (passing.length > 0) delivered += 1;
      }
    }
  }
  const share = (count: number): number => (records === 0 ? 0 : count / records);
  const sorted = [...measured].sort((a, b) => b.delivered - a.delivered);
  if (options.json === true) {
    for (const { pattern, delivered: count } of sorted) {
      const { name, narrowed, readEvents, ruleIds } = pattern;
      printJson({ kind: 'pattern', name, narrowed, readEvents, delivered: count, share: share(count), ruleIds });
    }
    printJson({ kind: 'summary', records, delivered, share: share(delivered), unreadable });
  } else {
    const columns = [
      { title: 'SHARE', align: 'right' },
      { title: 'RECORDS', align: 'right' },
      { title: 'EVENTBRIDGE RULE' },
      { title: 'DELIVERS', shrink: true },
      { title: 'DETECTION RULES', align: 'right' },
    ] as const;
    const rows = sorted.map(({ pattern, delivered: count }) => [
      percent(share(count)),
      number(count),
      pattern.name,
      whatPasses(pattern),
      String(pattern.ruleIds.length),
    ]);
    const [title = '', ...lines] = tableLines(columns, rows, outputWidth(process.stdout));
    console.log(colour.bold(title));
    for (const line of lines) console.log(line);
    console.log(
      `${percent(share(delivered))} of ${plural(records, 'record')} would be delivered: ${number(delivered)}` +
        (unreadable > 0 ? `; ${number(unreadable)} could not be read` : ''),
    );
  }
  return problems.length === 0 && unreadable === 0 ? 0 : 1;
}

function whatPasses({ narrowed, readEvents, openFor }: EventPattern): string {
  const reads = readEvents ? 'reading calls too' : 'changes';
  return narrowed ? `by name, ${reads}` : `every call, ${reads}, for: ${openFor.join('; ')}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
