import { unknownName } from '../../config/nearest.ts';
import { FIRST_SEEN_PARTS, type FirstSeenPart, type Only } from '../only/only.ts';
import { entryOf, type Located, type LocatedMap, type LocatedScalar, type Position } from './located.ts';
import type { Report } from './problems.ts';
import type { ContextPolicy } from './rule-context.ts';

/** A rule's `only`, and where it asks for what it has in common with the policy. */
export type OnlyDraft = { readonly only: Only; readonly at: Position; readonly firstSeenAt: Position };

const KEYS = ['outside', 'outside-change-window', 'sensitive', 'in-list', 'first-seen'];

/** `rescind.only`. Names are looked up in the policy, where there is one. */
export function compileOnly(value: Located, policy: ContextPolicy | undefined, report: Report): OnlyDraft | undefined {
  if (value.kind !== 'map') {
    report(value.at, `\`only\` holds ${KEYS.join(', ')}`);
    return undefined;
  }
  for (const { key, at } of value.entries) {
    if (!KEYS.includes(key)) report(at, `there is no \`only.${key}\`: there are ${KEYS.join(', ')}`);
  }
  if (value.entries.length === 0) report(value.at, `\`only\` is empty: write one of ${KEYS.join(', ')}, or remove it`);
  const outside = readOutside(value, policy, report);
  const inList = readInList(value, policy, report);
  const firstSeen = readFirstSeen(value, report);
  return {
    at: value.at,
    firstSeenAt: entryOf(value, 'first-seen')?.at ?? value.at,
    only: {
      ...(outside === undefined ? {} : { outside }),
      ...(readYes(value, 'outside-change-window', report) ? { outsideChangeWindow: true } : {}),
      ...(readYes(value, 'sensitive', report) ? { sensitive: true } : {}),
      ...(inList === undefined ? {} : { inList }),
      ...(firstSeen === undefined ? {} : { firstSeen }),
    },
  };
}

function readOutside(
  map: LocatedMap,
  policy: ContextPolicy | undefined,
  report: Report,
): readonly string[] | undefined {
  const entry = entryOf(map, 'outside');
  if (entry === undefined) return undefined;
  const names = texts(entry.value);
  if (names === undefined || names.length === 0) {
    report(entry.value.at, '`outside` is the name of a schedule such as `business-hours`, or a list of names');
    return undefined;
  }
  const known = policy === undefined ? undefined : Object.keys(policy.schedules);
  for (const { text, at } of names) {
    if (known?.includes(text) === false) report(at, unknownName('schedule', text, known));
  }
  return names.map(({ text }) => text);
}

function readYes(map: LocatedMap, key: string, report: Report): boolean {
  const value = entryOf(map, key)?.value;
  if (value === undefined) return false;
  if (value.kind === 'scalar' && value.value === true) return true;
  report(value.at, `\`${key}\` takes \`true\`: leave it out where it does not matter`);
  return false;
}

function readInList(
  map: LocatedMap,
  policy: ContextPolicy | undefined,
  report: Report,
): Readonly<Record<string, string>> | undefined {
  const value = entryOf(map, 'in-list')?.value;
  if (value === undefined) return undefined;
  if (value.kind !== 'map' || value.entries.length === 0) {
    report(value.at, '`in-list` says which field is in which list: write e.g. `{ sourceIPAddress: tor-exits }`');
    return undefined;
  }
  const known = policy === undefined ? undefined : Object.keys(policy.lists);
  const pairs = value.entries.flatMap(({ key, at, value: name }): readonly [string, string][] => {
    if (key.split('.').some((part) => part === '') || key.includes('|')) {
      report(at, `\`${key}\` is no field: write a path such as \`userIdentity.type\`, without modifiers`);
      return [];
    }
    if (name.kind !== 'scalar' || typeof name.value !== 'string') {
      report(name.at, `\`${key}\` takes the name of a list`);
      return [];
    }
    if (known?.includes(name.value) === false) report(name.at, unknownName('list', name.value, known));
    return [[key, name.value]];
  });
  return Object.fromEntries(pairs);
}

function readFirstSeen(map: LocatedMap, report: Report): readonly FirstSeenPart[] | undefined {
  const entry = entryOf(map, 'first-seen');
  if (entry === undefined) return undefined;
  const asked = texts(entry.value);
  if (asked === undefined || asked.length === 0) {
    report(entry.value.at, `\`first-seen\` is a list of ${FIRST_SEEN_PARTS.join(', ')}`);
    return undefined;
  }
  for (const { text, at } of asked) {
    if (FIRST_SEEN_PARTS.some((part) => part === text)) continue;
    const country = 'no record tells a country: write `network`, which is that of the source address';
    report(at, text === 'country' ? country : `\`first-seen\` takes ${FIRST_SEEN_PARTS.join(', ')}`);
  }
  return FIRST_SEEN_PARTS.filter((part) => asked.some(({ text }) => text === part));
}

/** A text or a list of texts. */
function texts(value: Located): readonly { readonly text: string; readonly at: Position }[] | undefined {
  const items = value.kind === 'list' ? value.items : [value];
  const found = items.filter(isText).map((item) => ({ text: String(item.value), at: item.at }));
  return found.length < items.length ? undefined : found;
}

function isText(value: Located): value is LocatedScalar {
  return value.kind === 'scalar' && typeof value.value === 'string' && value.value !== '';
}
