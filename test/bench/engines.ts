import { Query } from 'mingo';
import sift from 'sift';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import type { JsonObject } from '../../shared/json.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import type { Detection } from '../../shared/rules/detection.ts';
import { ipaddrCidr } from '../../shared/rules/engines/ipaddr-cidr.ts';
import { re2Regex } from '../../shared/rules/engines/re2-regex.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import { readDetection } from '../../shared/rules/read-detection.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import { createConditionEngine, engineConditions } from './engines/engine-conditions.ts';
import { mongoQuery } from './engines/mongo-query.ts';
import { engineRecords } from './engines/records.ts';
import { type Bench, type Figure, median } from './figure.ts';
import { createRandom } from './traffic/random.ts';
import { createTraffic } from './traffic/records.ts';

const SEED = 20261121;
const EVERYDAY = 2_000;
const ROUNDS = 5;
/** Of one engine's turn; a shorter one would tell more of the clock. */
const TURN_MS = 250;
const LIMIT = 10;

/** Counts the hits of each rule over the records, once. */
type Contender = {
  readonly name: string;
  readonly run: (records: readonly JsonObject[]) => Promise<readonly number[]>;
};

/** Events a second of ours and of three well-known engines, on the same rules and records, with the same hits. */
export const measureEngines: Bench = async (progress) => {
  const compiled = compileRuleFiles(readRuleFolders(['rules']));
  const rules = compiled.rules.flatMap(expressible);
  const random = createRandom(SEED);
  const traffic = createTraffic(random, { examples: [] });
  const records = engineRecords(
    traffic,
    EVERYDAY,
    compiled.tests.flatMap(({ events }) => events),
  );
  const contenders = [
    rescind(rules),
    mongo('mingo', rules, (query) => {
      const compiledQuery = new Query(query, {});
      return (record) => compiledQuery.test(record);
    }),
    mongo('sift', rules, (query) => sift.default(query)),
    jsonRulesEngine(rules),
  ];

  const [ours, ...others] = contenders;
  if (ours === undefined) throw new Error('There is no contender.');
  const hits = await ours.run(records);
  for (const other of others) {
    const found = await other.run(records);
    const differing = rules.filter((_, place) => hits[place] !== found[place]).map(({ rule }) => rule.header.title);
    if (differing.length > 0) throw new Error(`${other.name} finds something else than we do: ${differing.join('; ')}`);
  }
  const total = hits.reduce((sum, count) => sum + count, 0);
  const silent = hits.filter((count) => count === 0).length;
  if (silent > 0) throw new Error(`${silent} rules hit no record, so that equal hits say nothing of them.`);

  const speeds = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`round ${round} of ${ROUNDS}: ${rules.length} rules, ${records.length} records`);
    for (const { name, run } of contenders) {
      const start = performance.now();
      let passes = 0;
      do {
        await run(records);
        passes += 1;
      } while (performance.now() - start < TURN_MS);
      speeds.get(name)?.push((passes * records.length) / (performance.now() - start));
    }
  }
  const ratios = (name: string): number[] =>
    (speeds.get(ours.name) ?? []).map((speed, round) => speed / (speeds.get(name)?.[round] ?? Number.NaN));
  const figures: Figure[] = [
    {
      bench: 'engines',
      what: `Rescind, on ${rules.length} rules of the pack and parsed records`,
      value: `${Math.round(median(speeds.get(ours.name) ?? [])).toLocaleString('en-US')} k events/s`,
    },
    ...others.map(({ name }) => ({
      bench: 'engines',
      what: `Rescind, times as fast as ${name}`,
      value: `${median(ratios(name)).toFixed(0)} (${median(speeds.get(name) ?? []).toFixed(1)} k events/s)`,
      ...(name === 'mingo' ? { limit: `at least ${LIMIT}`, within: median(ratios(name)) >= LIMIT } : {}),
    })),
    {
      bench: 'engines',
      what: 'records, and hits, the same of each rule by each engine',
      value: `${records.length.toLocaleString('en-US')} and ${total.toLocaleString('en-US')} (seed ${SEED})`,
    },
  ];
  return figures;
};

type Expressible = {
  readonly rule: CompiledRule;
  readonly query: Record<string, unknown>;
  readonly conditions: NonNullable<ReturnType<typeof engineConditions>>;
};

/** The rules that every engine can express; the others compare an object as text, or look at networks or at times. */
function expressible(rule: CompiledRule): Expressible[] {
  // What Sigma lacks, the other engines lack as well: hours, what was seen first, what is sensitive.
  if (rule.detection.correlation !== undefined || rule.only !== undefined) return [];
  const detection: Detection = readDetection(rule.detection);
  const [query, conditions] = [mongoQuery(detection), engineConditions(detection)];
  return query === undefined || conditions === undefined || readsObjects(detection)
    ? []
    : [{ rule, query, conditions }];
}

/** Only Sigma compares an object as its text. */
function readsObjects(detection: Detection): boolean {
  return /"field":"(?:requestParameters|responseElements|additionalEventData)"/.test(JSON.stringify(detection));
}

function rescind(rules: readonly Expressible[]): Contender {
  const compiled = rules.map(({ rule }) => rule);
  const { evaluate } = createEvaluator(compiled, { regex: re2Regex, cidr: ipaddrCidr });
  const places = new Map(compiled.map(({ header }, place) => [header, place]));
  return {
    name: 'Rescind',
    run: async (records) => {
      const hits = compiled.map(() => 0);
      for (const record of records) {
        for (const header of evaluate(record).matches) {
          const place = places.get(header) ?? -1;
          hits[place] = (hits[place] ?? 0) + 1;
        }
      }
      return hits;
    },
  };
}

function mongo(
  name: string,
  rules: readonly Expressible[],
  compile: (query: Record<string, unknown>) => (record: JsonObject) => boolean,
): Contender {
  const tests = rules.map(({ query }) => compile(query));
  return {
    name,
    run: async (records) =>
      tests.map((test) => {
        let hits = 0;
        for (const record of records) if (test(record)) hits += 1;
        return hits;
      }),
  };
}

function jsonRulesEngine(rules: readonly Expressible[]): Contender {
  const engine = createConditionEngine();
  for (const [place, { conditions }] of rules.entries()) engine.addRule({ conditions, event: { type: String(place) } });
  return {
    name: 'json-rules-engine',
    run: async (records) => {
      const hits = rules.map(() => 0);
      for (const record of records) {
        const { events } = await engine.run({ ...record });
        for (const { type } of events) hits[Number(type)] = (hits[Number(type)] ?? 0) + 1;
      }
      return hits;
    },
  };
}
