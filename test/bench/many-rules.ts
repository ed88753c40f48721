import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts';
import { CALLS } from './traffic/calls.ts';
import { createRandom, type Random } from './traffic/random.ts';

const VERBS = [
  'Create',
  'Delete',
  'Update',
  'Put',
  'Attach',
  'Detach',
  'Modify',
  'Enable',
  'Disable',
  'Start',
] as const;
const NOUNS = ['Policy', 'Key', 'Role', 'Bucket', 'Trail', 'Rule', 'Cluster', 'Snapshot', 'Domain', 'Gateway'] as const;
const KINDS = ['', 'Group', 'Version', 'Attribute', 'Access', 'Config', 'Member', 'Alias'] as const;
const SERVICES = CALLS.map(({ service }) => service) as [string, ...string[]];
/**
 * Public rules are about changes for the most part; some look into calls that an account makes all day, and then they ask
 * for something in the request, or they would fire all day.
 */
const COMMON_CALL_SHARE = 0.15;

/**
 * Writes the pack and as many rules more as are wanted, each of them one of the pack about other sources and names of events, so
 * that they ask of a record what real rules ask. Returns the folder.
 */
export function writeManyRules(folder: string, more: number, seed: number): string {
  const random = createRandom(seed);
  const originals = readRuleFolders(['rules']).flatMap(({ text }): JsonObject[] => {
    const documents = parseAllDocuments(text).map((document): Json => document.toJS());
    const [only] = documents;
    // Correlations and their parts name each other, and a rule about any event at all would be about every one 16 times.
    return documents.length === 1 && isJsonObject(only) && namesAnEvent(only.detection) ? [only] : [];
  });
  mkdirSync(folder, { recursive: true });
  cpSync('rules', join(folder, 'pack'), { recursive: true });
  for (let number = 0; number < more; number += 1) {
    const original = originals[number % originals.length];
    if (original === undefined) throw new Error('The pack holds no rule to make others of.');
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const rescind = { ...(isJsonObject(original.rescind) ? original.rescind : {}), tests: [] };
    const detection = renamed(original.detection, random);
    const rule = { ...original, id, title: `${String(original.title)} ${number}`, rescind, detection };
    // Every JSON document is a YAML document.
    writeFileSync(join(folder, `${String(number).padStart(4, '0')}.yml`), JSON.stringify(rule, undefined, 1));
  }
  return folder;
}

function namesAnEvent(detection: Json | undefined): boolean {
  return /"eventName(?:\||")/.test(JSON.stringify(detection ?? null));
}

/** No branch of it is about names alone. */
function asksForMoreThanNames(detection: Json | undefined): boolean {
  return isJsonObject(detection)
    ? /requestParameters\./.test(JSON.stringify(detection)) && !/ or |1 of/.test(String(detection.condition))
    : false;
}

/** One service for the whole rule, and one name for each that it had. */
function renamed(detection: Json | undefined, random: Random): Json {
  const common = random.chance(COMMON_CALL_SHARE) && asksForMoreThanNames(detection);
  const service = random.pick(SERVICES);
  const calls = CALLS.filter((call) => call.service === service);
  const names = new Map<string, string>();
  const nameFor = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const call = common ? calls[random.below(calls.length)] : undefined;
    const made = call?.name ?? `${random.pick(VERBS)}${random.pick(NOUNS)}${random.pick(KINDS)}`;
    names.set(name, made);
    return made;
  };
  const walk = (value: Json | undefined, field: string): Json => {
    if (Array.isArray(value)) return value.map((each: Json) => walk(each, field));
    if (isJsonObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, key.split('|')[0] ?? '')]));
    }
    if (typeof value !== 'string') return value ?? null;
    if (field === 'eventSource') return `${service}.amazonaws.com`;
    return field === 'eventName' ? nameFor(value) : value;
  };
  return walk(detection, '');
}
