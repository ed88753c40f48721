import { LEVELS, type Level, type RuleHeader } from '../rule.ts';
import { entryOf, type LocatedMap } from './located.ts';
import type { Report } from './problems.ts';

export type Metadata = Pick<RuleHeader, 'id' | 'title' | 'level' | 'description' | 'falsePositives' | 'tags'> & {
  readonly name?: string;
};

type Place = { readonly file: string; readonly index: number; readonly needsLogsource: boolean };

/** Everything of a rule that is for people and policies, not for matching. */
export function compileMetadata(document: LocatedMap, place: Place, report: Report): Metadata {
  const { file, index, needsLogsource } = place;
  if (needsLogsource) checkLogsource(document, report);
  const name = textOf(document, 'name', report);
  const title = textOf(document, 'title', report);
  if (title === undefined && entryOf(document, 'title') === undefined) report(document.at, 'the rule has no `title`');
  return {
    // Sigma leaves the id optional; a rule without one is named by its place, which is as lasting as the file is.
    id: idOf(document, report) ?? (index === 0 ? file : `${file}#${index + 1}`),
    title: title ?? file,
    level: readLevel(document, report),
    description: (textOf(document, 'description', report) ?? '').trim(),
    falsePositives: textsOf(document, 'falsepositives', report),
    tags: textsOf(document, 'tags', report),
    ...(name === undefined ? {} : { name }),
  };
}

/** Sigma's default is none; medium neither pages anybody nor hides. */
function readLevel(document: LocatedMap, report: Report): Level {
  const entry = entryOf(document, 'level');
  if (entry === undefined) return 'medium';
  // Other readers of Sigma take `High` too, and public rules say it.
  const written = entry.value.kind === 'scalar' ? String(entry.value.value).toLowerCase() : undefined;
  const level = LEVELS.find((known) => known === written);
  if (level === undefined) report(entry.value.at, `\`level\` is one of ${LEVELS.join(', ')}`);
  return level ?? 'medium';
}

function checkLogsource(document: LocatedMap, report: Report): void {
  const entry = entryOf(document, 'logsource');
  const wanted = 'write `logsource: {product: aws, service: cloudtrail}`';
  if (entry === undefined) {
    report(document.at, `the rule has no \`logsource\`: ${wanted}`);
    return;
  }
  if (entry.value.kind !== 'map') {
    report(entry.value.at, `\`logsource\` is a map: ${wanted}`);
    return;
  }
  for (const [key, expected] of [
    ['product', 'aws'],
    ['service', 'cloudtrail'],
  ] as const) {
    const value = entryOf(entry.value, key)?.value;
    // Public rules often leave one of the two out, and either says enough.
    const other = entryOf(entry.value, key === 'service' ? 'product' : 'service');
    if (value === undefined && other !== undefined) continue;
    const text = value?.kind === 'scalar' ? String(value.value) : undefined;
    if (text?.toLowerCase() !== expected) {
      report(
        value?.at ?? entry.at,
        `a rule for ${text ?? 'another log'}, and CloudTrail is all that is read here: ${wanted}`,
      );
      return;
    }
  }
}

/** `id:` with nothing after it is a rule without one, as public collections have it. */
function idOf(document: LocatedMap, report: Report): string | undefined {
  const value = entryOf(document, 'id')?.value;
  return value?.kind === 'scalar' && value.value === null ? undefined : textOf(document, 'id', report);
}

function textOf(document: LocatedMap, key: string, report: Report): string | undefined {
  const value = entryOf(document, key)?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'scalar' && value.value !== null && value.value !== '') {
    return typeof value.value === 'string' ? value.value : value.source;
  }
  report(value.at, `\`${key}\` is a text`);
  return undefined;
}

/** Public rules write a lone text where the specification has a list; both are taken. */
function textsOf(document: LocatedMap, key: string, report: Report): string[] {
  const value = entryOf(document, key)?.value;
  if (value === undefined || (value.kind === 'scalar' && value.value === null)) return [];
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && item.value !== null)
      return [typeof item.value === 'string' ? item.value : item.source];
    report(item.at, `\`${key}\` is a list of texts`);
    return [];
  });
}
