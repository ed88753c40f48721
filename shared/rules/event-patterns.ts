import { CLOUDTRAIL_DETAIL_TYPES } from '../cloudtrail/read-envelope.ts';
import type { Json, JsonObject } from '../json.ts';
import { literalOf } from './evaluate/text-matcher.ts';
import { narrowingsOf, type TextTest } from './narrowing.ts';
import { readDetection } from './read-detection.ts';
import { mayBeReadEvent } from './read-events.ts';
import type { CompiledRule } from './rule.ts';

/** One EventBridge rule to be made. */
export type EventPattern = {
  /** Stable and unique among the patterns: `iam`, `iam-reads`, `iam-2`, `any`. */
  readonly name: string;
  readonly pattern: JsonObject;
  /** Needs the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS. */
  readonly readEvents: boolean;
  /** Rules that can fire on what this pattern lets through. */
  readonly ruleIds: readonly string[];
  /** False where every call of the service, or of all services, passes: synth names these. */
  readonly narrowed: boolean;
  /**
   * Titles of the rules for which every call passes, where it is not narrowed: they name no call, or more calls than
   * MAX_PATTERNS patterns hold.
   */
  readonly openFor: readonly string[];
};

/** EventBridge: "Event pattern size", 2,048 characters by default. */
const MAX_PATTERN_CHARACTERS = 2048;
/**
 * EventBridge: "Rules", 300 a bus by default and 100 in two regions, which the account's own rules share. Past this
 * number the service that needs the most patterns is delivered whole.
 */
export const MAX_PATTERNS = 80;

/**
 * The patterns under which every event that could hit a rule is delivered, grouped by service. EventBridge compares
 * with case and Sigma without, so matching is by `equals-ignore-case`; what cannot be said that way stays open.
 */
export function compileEventPatterns(rules: readonly CompiledRule[]): EventPattern[] {
  const groups = new Map<string, Group>();
  for (const rule of rules) {
    // A correlation is fed by its rules, which are here themselves.
    if (rule.detection.correlation !== undefined) continue;
    for (const bound of boundsOf(rule)) {
      const key = JSON.stringify([bound.source ?? null, bound.reads, bound.errors ?? null]);
      const group = groups.get(key) ?? {
        source: bound.source,
        reads: bound.reads,
        errors: bound.errors,
        names: new Map(),
        open: false,
        ruleIds: new Set(),
        titles: new Set(),
        openFor: new Set(),
      };
      groups.set(key, group);
      group.ruleIds.add(rule.header.id);
      group.titles.add(rule.header.title);
      if (bound.name === undefined) {
        group.open = true;
        group.openFor.add(rule.header.title);
      } else group.names.set(JSON.stringify(bound.name), bound.name);
    }
  }
  return named(withinLimit([...groups.values()]));
}

/** Wider and fewer, until there are no more patterns than may be made: nothing that a rule would hit is left out. */
function withinLimit(all: readonly Group[]): Draft[] {
  const groups = withoutOverlap(all).map((group) => ({ group, drafts: split(group) }));
  const drafts = groups.flatMap((each) => each.drafts);
  if (drafts.length <= MAX_PATTERNS) return drafts;
  const largest = groups.reduce((most, each) => (each.drafts.length > most.drafts.length ? each : most));
  if (largest.drafts.length > 1) {
    const open = { ...largest.group, open: true, openFor: largest.group.titles };
    return withinLimit(groups.map(({ group }) => (group === largest.group ? open : group)));
  }
  return split({
    source: undefined,
    reads: groups.some(({ group }) => group.reads),
    errors: undefined,
    names: new Map(),
    open: true,
    ruleIds: new Set(groups.flatMap(({ group }) => [...group.ruleIds])),
    titles: new Set(groups.flatMap(({ group }) => [...group.titles])),
    openFor: new Set(groups.flatMap(({ group }) => [...group.titles])),
  });
}

type Bound = {
  readonly source: Json | undefined;
  readonly name: Json | undefined;
  readonly reads: boolean;
  readonly errors: readonly Json[] | undefined;
};
type Group = {
  readonly source: Json | undefined;
  readonly reads: boolean;
  /** Only calls that failed with one of these. */
  readonly errors: readonly Json[] | undefined;
  readonly names: Map<string, Json>;
  open: boolean;
  readonly ruleIds: Set<string>;
  readonly titles: Set<string>;
  readonly openFor: Set<string>;
};

function boundsOf(rule: CompiledRule): Bound[] {
  return narrowingsOf(readDetection(rule.detection)).flatMap(({ source, name, error }) => {
    const sources = source === undefined ? [undefined] : source.map(matcherOf);
    const names = name === undefined ? [undefined] : name;
    const failures = error?.map(matcherOf);
    const errors = failures?.filter((each) => each !== undefined);
    const narrow = errors !== undefined && errors.length === failures?.length ? errors : undefined;
    return sources.flatMap((from) =>
      names.map((test): Bound => {
        const called = test === undefined ? undefined : matcherOf(test);
        const readable = test === undefined || mayBeReadEvent(test);
        return { source: from, name: called, reads: readable, errors: narrow };
      }),
    );
  });
}

// Printable ASCII is where both sides fold case alike.
const PLAIN = /^[\x20-\x7e]+$/;

/** One matcher of EventBridge that lets through at least what the test does, or undefined for everything. */
function matcherOf(test: TextTest): Json | undefined {
  const [first, second] = test.pattern;
  const literal = literalOf(test.pattern);
  const fold = (text: string): Json => (test.cased ? text : { 'equals-ignore-case': text.toLowerCase() });
  if (literal !== undefined) return PLAIN.test(literal) ? fold(literal) : undefined;
  if (first?.kind === 'text' && PLAIN.test(first.text)) return { prefix: fold(first.text) };
  if (test.pattern.length === 2 && second?.kind === 'text' && first?.kind === 'any' && PLAIN.test(second.text)) {
    return { suffix: fold(second.text) };
  }
  return undefined;
}

/** Leaves out what another group delivers anyway, so that an event invokes the function once where that can be known. */
function withoutOverlap(groups: readonly Group[]): Group[] {
  const everything = groups.find(
    (group) => group.source === undefined && group.open && group.reads && group.errors === undefined,
  );
  if (everything !== undefined) {
    for (const group of groups) for (const id of group.ruleIds) everything.ruleIds.add(id);
    return [everything];
  }
  return groups.filter((group) => {
    if (group.reads) return true;
    const wide = groups.find(
      (other) =>
        other.reads &&
        other.open &&
        other.errors === undefined &&
        JSON.stringify(other.source) === JSON.stringify(group.source),
    );
    if (wide === undefined) return true;
    for (const id of group.ruleIds) wide.ruleIds.add(id);
    return false;
  });
}

type Draft = Omit<EventPattern, 'name'> & { readonly stem: string };

function split(group: Group): Draft[] {
  const stem = stemOf(group);
  const make = (names: readonly Json[] | undefined): Draft => ({
    stem,
    pattern: patternOf(group, names),
    readEvents: group.reads,
    ruleIds: [...group.ruleIds],
    narrowed: names !== undefined || group.errors !== undefined,
    openFor: names === undefined && group.errors === undefined ? [...group.openFor] : [],
  });
  if (group.open) return [make(undefined)];
  const drafts: Draft[] = [];
  let names: Json[] = [];
  for (const name of group.names.values()) {
    if (names.length > 0 && JSON.stringify(patternOf(group, [...names, name])).length > MAX_PATTERN_CHARACTERS) {
      drafts.push(make(names));
      names = [];
    }
    names.push(name);
  }
  if (names.length > 0) drafts.push(make(names));
  return drafts;
}

function patternOf({ source, errors }: Group, names: readonly Json[] | undefined): JsonObject {
  const detail = {
    ...(source === undefined ? {} : { eventSource: [source] }),
    ...(names === undefined ? {} : { eventName: [...names] }),
    ...(errors === undefined ? {} : { errorCode: [...errors] }),
  };
  return {
    source: [{ prefix: 'aws.' }],
    'detail-type': [...CLOUDTRAIL_DETAIL_TYPES],
    ...(Object.keys(detail).length === 0 ? {} : { detail }),
  };
}

function stemOf(group: Group): string {
  const text = JSON.stringify(group.source) ?? '';
  // The first label of a host name such as `iam.amazonaws.com`, wherever in the matcher it stands.
  const service = /"([a-z0-9-]+)(?:\.[a-z0-9.-]*)?"\}*$/.exec(text)?.[1] ?? 'any';
  return `${service}${group.reads ? '-reads' : ''}${group.errors === undefined ? '' : '-errors'}`;
}

function named(drafts: readonly Draft[]): EventPattern[] {
  const counts = new Map<string, number>();
  return drafts.map(({ stem, ...rest }) => {
    const count = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, count);
    return { name: count === 1 ? stem : `${stem}-${count}`, ...rest };
  });
}
