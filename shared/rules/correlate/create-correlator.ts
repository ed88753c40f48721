import type { JsonObject } from '../../json.ts';
import type { Correlation } from '../correlation.ts';
import type { RuleFault } from '../evaluate/create-evaluator.ts';
import { leafText } from '../evaluate/leaf-text.ts';
import { anyLeafOf } from '../evaluate/record-path.ts';
import { readCorrelation } from '../read-correlation.ts';
import type { CompiledRule, RuleHeader } from '../rule.ts';
import { judge } from './judge.ts';
import { type Keeping, keepingOf } from './keeping.ts';
import type { Finding, Mark } from './mark.ts';

export type Correlator = {
  /** The marks that an event leaves; `matches` are all rules that it met, silent ones included. */
  readonly marksOf: (record: JsonObject, matches: readonly RuleHeader[]) => Mark[];
  /** Judges the marks of one group of one correlation, from this time on. */
  readonly judge: (correlationId: string, marks: readonly Mark[], since?: number) => Finding[];
  /** The marks that a finding leaves for correlations of correlations. */
  readonly marksOfFinding: (finding: Finding) => Mark[];
  /** Is the correlation part of another? */
  readonly feeds: (correlationId: string) => boolean;
  /** All correlations, each after those that are part of it. */
  readonly order: readonly string[];
  /** What must be kept of the marks of this correlation. */
  readonly keepingOf: (correlationId: string) => Keeping;
  /** Does the correlation only feed others, and raise nothing of its own? */
  readonly isSilent: (correlationId: string) => boolean;
  readonly headers: ReadonlyMap<string, RuleHeader>;
  readonly faults: readonly RuleFault[];
};

type Loaded = {
  readonly id: string;
  readonly silent: boolean;
  readonly correlation: Correlation;
  readonly keeping: Keeping;
};
type TextAt = (record: JsonObject) => string | undefined;

export function createCorrelator(rules: readonly CompiledRule[]): Correlator {
  const byId = new Map<string, Loaded>();
  const byRule = new Map<string, Loaded[]>();
  const headers = new Map<string, RuleHeader>();
  const faults: RuleFault[] = [];
  for (const { header, detection } of rules) {
    try {
      const correlation = readCorrelation(detection);
      if (correlation === undefined) continue;
      const loaded = { id: header.id, silent: detection.silent === true, correlation, keeping: keepingOf(correlation) };
      byId.set(header.id, loaded);
      headers.set(header.id, header);
      for (const rule of correlation.rules) byRule.set(rule, [...(byRule.get(rule) ?? []), loaded]);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      faults.push({ ruleId: header.id, file: header.file, message });
    }
  }
  const markers = new Map([...byRule].map(([ruleId, loaded]) => [ruleId, loaded.map((one) => markerOf(one, ruleId))]));
  const marksOf = (record: JsonObject, matches: readonly RuleHeader[]): Mark[] => {
    const { eventID: eventId, eventTime } = record;
    const time = typeof eventTime === 'string' ? Date.parse(eventTime) : Number.NaN;
    if (typeof eventId !== 'string' || Number.isNaN(time)) return [];
    const marks: Mark[] = [];
    for (const { id: ruleId } of matches) {
      for (const { correlationId, groupAt, valueAt } of markers.get(ruleId) ?? []) {
        const group = groupAt(record);
        if (group === undefined) continue;
        const value = valueAt?.(record);
        marks.push({ correlationId, group, ruleId, eventId, time, ...(value === undefined ? {} : { value }) });
      }
    }
    return marks;
  };

  const marksOfFinding = (finding: Finding): Mark[] => {
    const child = byId.get(finding.correlationId);
    if (child === undefined) return [];
    const values: unknown = JSON.parse(finding.group);
    const texts = Array.isArray(values) ? values : [];
    return (byRule.get(finding.correlationId) ?? []).flatMap(({ id, correlation }): Mark[] => {
      // The compiler sees to it that a correlation of correlations groups by fields that its parts group by.
      const group = groupOf(pathsOf(correlation, finding.correlationId), (path) => {
        const value: unknown = texts[child.correlation.groupBy.findIndex((field) => field.name === path)];
        return typeof value === 'string' ? value : undefined;
      });
      if (group === undefined) return [];
      const mark = { correlationId: id, group, ruleId: finding.correlationId, eventId: finding.key };
      return finding.times.map((time) => ({ ...mark, time }));
    });
  };

  const feeds = (correlationId: string): boolean => byRule.has(correlationId);
  return {
    headers,
    faults,
    feeds,
    order: partsFirst(byId),
    marksOf,
    marksOfFinding,
    isSilent: (correlationId) => byId.get(correlationId)?.silent === true,
    judge: (correlationId, marks, since) => {
      const loaded = byId.get(correlationId);
      return loaded === undefined
        ? []
        : judge(loaded.correlation, marks, {
            ...(since === undefined ? {} : { since }),
            everyTime: feeds(correlationId),
          });
    },
    keepingOf: (correlationId) => {
      const loaded = byId.get(correlationId);
      if (loaded === undefined) throw new Error(`there is no correlation ${correlationId}`);
      return loaded.keeping;
    },
  };
}

function partsFirst(byId: ReadonlyMap<string, Loaded>): readonly string[] {
  const ordered = new Set<string>();
  const met = new Set<string>();
  const visit = (id: string): void => {
    const loaded = byId.get(id);
    if (loaded === undefined || met.has(id)) return;
    met.add(id);
    loaded.correlation.rules.forEach(visit);
    ordered.add(id);
  };
  for (const id of byId.keys()) visit(id);
  return [...ordered];
}

/** An event that lacks a group field is in no group: strangers are not counted together. */
/** What an event that met a rule leaves for one correlation, worked out once: one record in twenty leaves a mark. */
function markerOf({ id, correlation }: Loaded, ruleId: string) {
  const field = correlation.condition.kind === 'bounds' ? correlation.condition.field : undefined;
  const readers = pathsOf(correlation, ruleId).map((path) => (path === undefined ? undefined : firstTextOf(path)));
  return {
    correlationId: id,
    groupAt: (record: JsonObject) => groupOf(readers, (textAt) => textAt?.(record)),
    valueAt: field === undefined ? undefined : firstTextOf(field),
  };
}

/** Of each field that a correlation groups by, its path in the events of this rule. */
function pathsOf({ groupBy }: Correlation, ruleId: string): (string | undefined)[] {
  return groupBy.map(({ name, paths }) => {
    if (paths === undefined) return name;
    return Object.hasOwn(paths, ruleId) ? paths[ruleId] : undefined;
  });
}

/** The name of a group; none if one of its values is missing. */
function groupOf<Part>(parts: readonly Part[], read: (part: Part) => string | undefined): string | undefined {
  const values: string[] = [];
  for (const part of parts) {
    const value = read(part);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return JSON.stringify(values);
}

function firstTextOf(path: string): TextAt {
  const anyLeaf = anyLeafOf(path);
  return (record) => {
    let found: string | undefined;
    try {
      anyLeaf(record, (leaf) => {
        found = leafText(leaf);
        return found !== undefined;
      });
    } catch (error) {
      // An object too deep to be written out as text is the value of no field that AWS fills in: it groups nothing.
      if (!(error instanceof RangeError)) throw error;
    }
    return found;
  };
}
