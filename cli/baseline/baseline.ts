import { isRecorded } from '../../shared/access/record-scope.ts';
import type { RecordScope } from '../../shared/config/policy.ts';
import { keysToNote } from '../../shared/rules/first-seen/keys-to-note.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import type { LogFile } from '../backtest/log-files.ts';
import type { Progress } from '../backtest/progress.ts';
import { number, plural } from '../terminal/plural.ts';
import { type ReadTotals, readSightings } from './read-sightings.ts';
import { type Learned, type Marks, type WriteDeps, writeLearned, writeMarks } from './write-marks.ts';

export type BaselineResult = ReadTotals & {
  readonly files: number;
  readonly dryRun: boolean;
  readonly marks: Marks;
  readonly learned: readonly Learned[];
};

export type BaselineDeps = WriteDeps & {
  readonly account: string;
  readonly rules: readonly CompiledRule[];
  readonly scope: RecordScope;
  readonly progress: Progress;
};

/** Notes what logs say was seen before, as if `record` had been there. */
export async function baseline(files: readonly LogFile[], deps: BaselineDeps): Promise<BaselineResult> {
  const { account, rules, scope, progress, dryRun } = deps;
  let marks: Marks = { written: 0, known: 0, old: 0 };
  const { totals, coverage } = await readSightings(
    files,
    { account, isRecorded: (event) => isRecorded(scope, event), keysToNote: keysToNote(rules), progress },
    async (runs) => {
      const some = await writeMarks(deps, runs);
      marks = { written: marks.written + some.written, known: marks.known + some.known, old: marks.old + some.old };
    },
  );
  // Marks first: a service whose past is not noted yet has not been learned.
  const learned = await writeLearned(deps, scope.services, coverage);
  return { ...totals, files: files.length, dryRun, marks, learned };
}

export function baselineLines(result: BaselineResult): readonly string[] {
  const { records, files, noted, unreadable, foreign, first, last, marks, learned, dryRun } = result;
  const span = first === undefined || last === undefined ? '' : `, ${first} to ${last}`;
  const left = [
    ...(foreign === 0 ? [] : [`${number(foreign)} of other accounts`]),
    ...(unreadable === 0 ? [] : [`${number(unreadable)} unreadable`]),
  ];
  return [
    `${plural(records, 'record')} in ${plural(files, 'file')}${span}`,
    `${number(noted)} of them in the scope of \`record\`${left.length === 0 ? '' : `; ${left.join(', ')}`}`,
    `${plural(marks.written, 'mark')} ${dryRun ? 'would be written' : 'written'}, ${number(marks.known)} known before, ${number(marks.old)} older than 90 days`,
    ...learned.map((each) => learnedLine(each, dryRun)),
  ];
}

function learnedLine(learned: Learned, dryRun: boolean): string {
  const { kind, service, since } = learned;
  switch (kind) {
    case 'moved':
      return `${service}: what it is used for ${dryRun ? 'would be' : 'is'} known since ${since}, where the learning period now begins`;
    case 'stays':
      return `${service}: the learning period begins as before, ${since}`;
    case 'gap':
      return `${service}: the logs do not tell of it until recording began${since === undefined ? '' : ` (${since})`}; its learning period stays`;
  }
}
