import { describe, expect, test } from 'vitest';
import { batchesOf, entriesOf } from '../../cli/backtest/read-log-file.ts';
import { readRuleFolders } from '../../cli/rules/read-rule-folders.ts';
import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import { readEnvelope } from '../../shared/cloudtrail/read-envelope.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { createCorrelator } from '../../shared/rules/correlate/create-correlator.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';

/** 100,000 records in every run; RESCIND_FUZZ=1000000 for the long one. */
const RUNS = Number(process.env.RESCIND_FUZZ ?? 100_000);

const { rules, tests } = compileRuleFiles(readRuleFolders(['rules']));
const seeds = tests.flatMap((each) => each.events);

/** A small generator of its own, so that a failing run can be repeated from its number. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 14)) >>> 0) % below;
  };
}

const NASTY: readonly string[] = [
  'null',
  '[]',
  '{}',
  '""',
  'true',
  '-0',
  '1e308',
  '123456789012345678901234567890',
  '"\\ud800"',
  '"\\u0000\\u202e<b>"',
  '{"__proto__":{"a":1},"constructor":null,"toString":[]}',
  '[[[[["x"]]]],null,{"a":[{"a":[]}]}]',
  `"${'A'.repeat(2_000)}"`,
  `${'['.repeat(300)}1${']'.repeat(300)}`,
  `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`,
];
const nasty = NASTY.map((text): Json => JSON.parse(text));

function mutated(value: Json | undefined, random: (below: number) => number, depth: number): Json | undefined {
  if (random(depth < 2 ? 12 : 6) === 0) return random(8) === 0 ? undefined : nasty[random(nasty.length)];
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mutated(each, random, depth + 1)]));
}

describe(`${RUNS.toLocaleString('en-US')} records with anything in any place`, () => {
  test('are decoded or refused, and evaluated by the whole pack, without a throw or a fault', {
    timeout: 600_000,
  }, () => {
    const { evaluate, faults } = createEvaluator(rules);
    const correlator = createCorrelator(rules);
    expect(faults).toEqual([]);
    const seen = { decoded: 0, undecodable: 0, hits: 0 };
    for (let run = 0; run < RUNS; run += 1) {
      const random = randomFrom(run + 1);
      const json = mutated(seeds[random(seeds.length)], random, 0);
      const { kind } = decodeRecord(json);
      seen[kind] += 1;
      readEnvelope({ source: 'aws.iam', 'detail-type': json, detail: json }, { account: '111122223333' });
      const record: JsonObject = isJsonObject(json) ? json : {};
      const evaluation = evaluate(record);
      correlator.marksOf(record, evaluation.matches);
      seen.hits += evaluation.hits.length;
      // Hours and resources cannot be told of what cannot be decoded; the functions park that before any rule sees it.
      const unexpected = evaluation.faults.filter(
        ({ message }) => kind === 'decoded' || !message.startsWith('`only` cannot be judged'),
      );
      if (unexpected.length > 0) throw new Error(`run ${run}: ${JSON.stringify(unexpected)}`);
    }
    // Mutation left enough of them whole that each way was taken many times.
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(RUNS / 100);
  });

  test('are read from damaged text without a throw', () => {
    const text = JSON.stringify({ Records: seeds.slice(0, 5) });
    for (let run = 0; run < 2_000; run += 1) {
      const random = randomFrom(run + 1);
      const at = random(text.length);
      const damaged = text.slice(0, at) + ['', '"', '}', '\\', '\n', ']['][random(6)] + text.slice(at + random(20));
      const entries = entriesOf(damaged);
      expect(entries.length).toBeGreaterThan(0);
      // Some records at a time, wherever the cuts fall, gives the same as all of them at once.
      expect([...batchesOf(Buffer.from(damaged), random(text.length))].flat()).toEqual(entries);
    }
  });
});

describe('a log file parsed some records at a time', () => {
  const nested = { eventVersion: '1.11', eventSource: 'a', eventName: 'B', list: [{ x: 1 }, { eventVersion: '},{"' }] };
  test.each([
    [
      'with what looks like the border of two records within one',
      JSON.stringify({ Records: [nested, nested, nested] }),
    ],
    ['with a second list of records', `${JSON.stringify({ Records: [nested] }).slice(0, -1)},"Records":[]}`],
    ['without a record', '{"Records":[]}'],
    ['with something after the list', `${JSON.stringify({ Records: [nested, nested], more: [{}] })}`],
  ])('%s gives what the whole gives', (_, text) => {
    for (const atLeast of [0, 10, 60, 100, 1_000]) {
      expect([...batchesOf(Buffer.from(text), atLeast)].flat()).toEqual(entriesOf(text));
    }
  });
});
