import { isJsonObject, type JsonObject } from '../../json.ts';
import { SUBJECT_SELECTORS, type SubjectSelector } from '../rule.ts';
import { compileGiven, type Given } from './compile-given.ts';
import { compileOnly, type OnlyDraft } from './compile-only.ts';
import { entryOf, type Located, type LocatedMap, toJson } from './located.ts';
import type { Report } from './problems.ts';
import type { ContextPolicy } from './rule-context.ts';

/** What the `rescind:` key of a rule says; the file stays valid Sigma, because other tools ignore keys they do not know. */
export type RescindKey = {
  readonly subject: SubjectSelector;
  readonly respond?: string;
  readonly only?: OnlyDraft;
  readonly needsReadEvents: boolean;
  readonly tests: readonly RuleTestCase[];
};

/** One test inside a rule: the records it is given, in order, and whether the rule must fire. */
export type RuleTestCase = {
  readonly name: string;
  readonly line: number;
  readonly events: readonly JsonObject[];
  readonly match: boolean;
  readonly given?: Given;
};

const KEYS = ['subject', 'only', 'respond', 'needs', 'tests'];
const PLAYBOOK_NAME = /^[a-z][a-z0-9-]*$/;
const NO_KEY: RescindKey = { subject: 'actor', needsReadEvents: false, tests: [] };

export function compileRescindKey(
  value: Located | undefined,
  policy: ContextPolicy | undefined,
  report: Report,
): RescindKey {
  if (value === undefined) return NO_KEY;
  if (value.kind !== 'map') {
    report(value.at, `\`rescind\` holds ${KEYS.join(', ')}`);
    return NO_KEY;
  }
  for (const { key, at } of value.entries) {
    if (!KEYS.includes(key)) report(at, `there is no \`rescind.${key}\`: there are ${KEYS.join(', ')}`);
  }
  const respond = readRespond(value, report);
  const asked = entryOf(value, 'only')?.value;
  const only = asked === undefined ? undefined : compileOnly(asked, policy, report);
  return {
    subject: readSubject(value, report),
    needsReadEvents: readNeeds(value, report),
    tests: readTests(value, report),
    ...(respond === undefined ? {} : { respond }),
    ...(only === undefined ? {} : { only }),
  };
}

function readSubject(map: LocatedMap, report: Report): SubjectSelector {
  const value = entryOf(map, 'subject')?.value;
  if (value === undefined) return 'actor';
  const known = SUBJECT_SELECTORS.find((selector) => value.kind === 'scalar' && selector === value.value);
  if (known === undefined) report(value.at, `\`subject\` is one of ${SUBJECT_SELECTORS.join(', ')}`);
  return known ?? 'actor';
}

function readRespond(map: LocatedMap, report: Report): string | undefined {
  const value = entryOf(map, 'respond')?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'scalar' && typeof value.value === 'string' && PLAYBOOK_NAME.test(value.value)) return value.value;
  report(value.at, '`respond` is the name of a playbook such as `contain` or `alert`');
  return undefined;
}

function readNeeds(map: LocatedMap, report: Report): boolean {
  const value = entryOf(map, 'needs')?.value;
  if (value === undefined) return false;
  if (value.kind === 'scalar' && value.value === 'read-events') return true;
  report(value.at, '`needs` takes `read-events`');
  return false;
}

function readTests(map: LocatedMap, report: Report): RuleTestCase[] {
  const value = entryOf(map, 'tests')?.value;
  if (value === undefined) return [];
  if (value.kind !== 'list') {
    report(value.at, '`tests` is a list of { name, event or events, match }');
    return [];
  }
  return value.items.flatMap((item) => readTest(item, report) ?? []);
}

function readTest(item: Located, report: Report): RuleTestCase | undefined {
  if (item.kind !== 'map') {
    report(item.at, 'a test is a map of name, event or events, match');
    return undefined;
  }
  const known = ['name', 'given', 'event', 'events', 'match'];
  for (const { key, at } of item.entries) {
    if (!known.includes(key)) report(at, `a test has no \`${key}\`: there are ${known.join(', ')}`);
  }
  const name = entryOf(item, 'name')?.value;
  const match = entryOf(item, 'match')?.value;
  const one = entryOf(item, 'event')?.value;
  const many = entryOf(item, 'events')?.value;
  if (name?.kind !== 'scalar' || typeof name.value !== 'string') {
    report(name?.at ?? item.at, 'a test has a `name` that says what happens');
    return undefined;
  }
  if (match?.kind !== 'scalar' || typeof match.value !== 'boolean') {
    report(match?.at ?? item.at, 'a test says `match: true` or `match: false`');
    return undefined;
  }
  if ((one === undefined) === (many === undefined)) {
    report(item.at, 'a test has either `event` or `events`');
    return undefined;
  }
  const items = one === undefined ? (many?.kind === 'list' ? many.items : []) : [one];
  if (items.length === 0) {
    report(many?.at ?? item.at, '`events` is a list of at least one record');
    return undefined;
  }
  const events: JsonObject[] = [];
  for (const event of items) {
    const json = toJson(event);
    if (isJsonObject(json)) events.push(json);
    else report(event.at, 'an event is a CloudTrail record');
  }
  const taken = entryOf(item, 'given')?.value;
  const given = taken === undefined ? undefined : compileGiven(taken, report);
  return events.length < items.length
    ? undefined
    : { name: name.value, line: item.at.line, events, match: match.value, ...(given === undefined ? {} : { given }) };
}
