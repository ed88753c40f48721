import type { JsonObject } from '../../shared/json.ts';
import { compileRuleFiles } from '../../shared/rules/compile/compile-rule-files.ts';
import { createEvaluator } from '../../shared/rules/evaluate/create-evaluator.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import { type Bench, median } from './figure.ts';
import { CALLS } from './traffic/calls.ts';
import { createRandom } from './traffic/random.ts';
import { createTraffic } from './traffic/records.ts';

const SEED = 20261121;
const RECORDS = 2_000;
const FEW = 100;
const MANY = 1_000;
const ROUNDS = 9;
const TURN_MS = 300;
const LIMIT = 1.2;

/** What 900 rules more cost a record that they are not about: next to nothing, if rules are found by the name of the event. */
export const measureScaling: Bench = async (progress) => {
  const rules = compileKeyedRules(MANY);
  const make = createTraffic(createRandom(SEED), { examples: [] });
  // By way of text, so that the records are as a parser makes them.
  const records: JsonObject[] = JSON.parse(JSON.stringify(Array.from({ length: RECORDS }, (_, index) => make(index))));
  const few = counting(rules.slice(0, FEW));
  const many = counting(rules);
  const [hitsOfFew, hitsOfMany] = [few(records), many(records)];
  if (hitsOfFew === 0 || hitsOfFew !== hitsOfMany)
    throw new Error(
      `${hitsOfFew} hits with ${FEW} rules and ${hitsOfMany} with ${MANY}: both should be the same, and some.`,
    );

  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`round ${round} of ${ROUNDS}`);
    const [short, long] = [timeOf(few, records), timeOf(many, records)];
    ratios.push(long / short);
    times.push(short);
  }
  return [
    {
      bench: 'scaling',
      what: `${MANY} rules keyed by event name, against ${FEW} of them, on the same ${RECORDS.toLocaleString('en-US')} parsed records`,
      value: `${median(ratios).toFixed(2)} (${((1e3 * median(times)) / RECORDS).toFixed(2)} µs a record with ${FEW})`,
      limit: `${LIMIT}`,
      within: median(ratios) <= LIMIT,
    },
  ];
};

/** The first of them are about the calls of the traffic, each in another way; the others about calls that nobody makes. */
function compileKeyedRules(count: number): readonly CompiledRule[] {
  const files = Array.from({ length: count }, (_, number) => {
    const call = CALLS[number % CALLS.length];
    if (call === undefined) throw new Error('There is no traffic to make rules about.');
    const rule = {
      title: `Call ${number}`,
      id: `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`,
      description: 'A call that the bench looks for.',
      logsource: { product: 'aws', service: 'cloudtrail' },
      detection: {
        selection: {
          eventSource: `${call.service}.amazonaws.com`,
          eventName: number < FEW ? call.name : `${call.name}V${number}`,
          'userIdentity.arn|contains': [`service-${number % 60}/`, `person-${number % 60}`],
        },
        other_region: { awsRegion: 'us-east-1' },
        condition: 'selection and not other_region',
      },
      level: 'low',
      falsepositives: ['All of them'],
      tags: ['attack.discovery'],
    };
    return { file: `rules/call-${number}.yml`, text: JSON.stringify(rule) };
  });
  const { rules, problems } = compileRuleFiles(files);
  if (problems.length > 0) throw new Error(`A rule made by the bench is no rule: ${problems[0]?.message}`);
  return rules;
}

/** Counts the hits in all records. */
function counting(rules: readonly CompiledRule[]): (records: readonly JsonObject[]) => number {
  const { evaluate } = createEvaluator(rules);
  return (records) => {
    let hits = 0;
    for (const record of records) hits += evaluate(record).hits.length;
    return hits;
  };
}

/** Milliseconds of the processor for one pass over the records: what else runs on the machine is not counted. */
function timeOf(pass: (records: readonly JsonObject[]) => number, records: readonly JsonObject[]): number {
  const start = process.cpuUsage();
  let passes = 0;
  let spent = 0;
  do {
    pass(records);
    passes += 1;
    const { user, system } = process.cpuUsage(start);
    spent = (user + system) / 1000;
  } while (spent < TURN_MS);
  return spent / passes;
}
