import type { JsonObject } from '../../json.ts';
import type { Engines } from '../engines/engine.ts';
import { readDetection } from '../read-detection.ts';
import type { CompiledRule, RuleHeader } from '../rule.ts';
import { type Check, type RecordTest, recordTest, specialise } from './check.ts';
import { detectionCheck } from './detection-check.ts';

/** A rule that could not be loaded, or that threw on one record. The other rules are not touched by it. */
export type RuleFault = { readonly ruleId: string; readonly file: string; readonly message: string };

export type Evaluation = {
  /** Rules that raise a detection. */
  readonly hits: readonly RuleHeader[];
  /** All rules met, also those that only feed a correlation and raise nothing of their own. */
  readonly matches: readonly RuleHeader[];
  readonly faults: readonly RuleFault[];
};

export type Evaluator = {
  /** Pure and total; hits come in the order of the rules. */
  readonly evaluate: (record: JsonObject) => Evaluation;
  /** Rules that could not be loaded. */
  readonly faults: readonly RuleFault[];
};

type Loaded = {
  readonly header: RuleHeader;
  readonly silent: boolean;
  readonly check: Check;
  readonly run: RecordTest;
};
type Candidate = Omit<Loaded, 'check'>;

/** AWS has some 15,000 calls and an account uses a few hundred; past this, new pairs are worked out each time. */
const MAX_PAIRS = 20_000;

const NONE: readonly never[] = [];
const NOTHING: Evaluation = { hits: NONE, matches: NONE, faults: NONE };

export function createEvaluator(rules: readonly CompiledRule[], engines: Engines = {}): Evaluator {
  const faults: RuleFault[] = [];
  const loaded: Loaded[] = [];
  for (const { header, detection } of rules) {
    // A correlation looks at no single event; see create-correlator.ts.
    if (detection.correlation !== undefined) continue;
    try {
      const check = detectionCheck(readDetection(detection), engines);
      loaded.push({ header, silent: detection.silent === true, check, run: recordTest(check) });
    } catch (error) {
      faults.push(faultOf(header, error));
    }
  }

  const candidatesBySource = new Map<string, Map<string, readonly Candidate[]>>();
  let pairs = 0;
  const candidates = (record: JsonObject): readonly Candidate[] => {
    const { eventSource, eventName } = record;
    if (typeof eventSource !== 'string' || typeof eventName !== 'string') return loaded;
    const known = candidatesBySource.get(eventSource)?.get(eventName);
    if (known !== undefined) return known;
    const found = candidatesFor(loaded, { eventSource, eventName });
    if (pairs < MAX_PAIRS) {
      pairs += 1;
      const byName = candidatesBySource.get(eventSource) ?? new Map<string, readonly Candidate[]>();
      byName.set(eventName, found);
      candidatesBySource.set(eventSource, byName);
    }
    return found;
  };

  return {
    faults,
    evaluate: (record) => {
      let hits: RuleHeader[] | undefined;
      let matches: RuleHeader[] | undefined;
      let thrown: RuleFault[] | undefined;
      for (const { header, silent, run } of candidates(record)) {
        try {
          if (!run(record)) continue;
          matches ??= [];
          matches.push(header);
          if (silent) continue;
          hits ??= [];
          hits.push(header);
        } catch (error) {
          thrown ??= [];
          thrown.push(faultOf(header, error));
        }
      }
      if (matches === undefined && thrown === undefined) return NOTHING;
      return { hits: hits ?? NONE, matches: matches ?? NONE, faults: thrown ?? NONE };
    },
  };
}

function candidatesFor(loaded: readonly Loaded[], facts: JsonObject): readonly Candidate[] {
  return loaded.flatMap(({ header, silent, check, run }): Candidate[] => {
    const left = specialiseOrKeep(check, facts);
    if (left.kind === 'constant' && !left.value) return [];
    return [{ header, silent, run: left === check ? run : recordTest(left) }];
  });
}

/** A test that throws here throws again when the record is evaluated, and is reported there, under its rule. */
function specialiseOrKeep(check: Check, facts: JsonObject): Check {
  try {
    return specialise(check, facts);
  } catch {
    return check;
  }
}

function faultOf(header: RuleHeader, error: unknown): RuleFault {
  return { ruleId: header.id, file: header.file, message: error instanceof Error ? error.message : String(error) };
}
