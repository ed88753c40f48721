import type { JsonObject } from '../../json.ts';
import type { Engines } from '../engines/engine.ts';
import { type LoadedOnly, loadOnly } from '../only/load-only.ts';
import { NO_POLICY } from '../only/no-policy.ts';
import type { OnlyPolicy } from '../only/only.ts';
import { judgeOnly } from '../only/only-check.ts';
import { createOnlyFacts, type OnlyFacts } from '../only/only-facts.ts';
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
  /** Rules that would have raised a detection, and why they did not: an announced change. */
  readonly suppressed: readonly Suppression[];
  /** Rules of which all but the last condition holds: none of these keys is known whether it was seen before. */
  readonly undecided: readonly Undecided[];
  readonly faults: readonly RuleFault[];
};

export type Suppression = { readonly rule: RuleHeader; readonly by: string };

export type Undecided = {
  readonly rule: RuleHeader;
  /** It raises nothing of its own: it is part of a correlation. */
  readonly silent: boolean;
  /** The rule holds if one of these is first seen. */
  readonly keys: readonly string[];
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
  readonly only?: LoadedOnly;
};
type Candidate = Omit<Loaded, 'check'>;

/** AWS has some 15,000 calls and an account uses a few hundred; past this, new pairs are worked out each time. */
const MAX_PAIRS = 20_000;

const NONE: readonly never[] = [];
/** What is said of a record that no rule is about, which is nearly every one: always this same object. */
export const NOTHING: Evaluation = { hits: NONE, matches: NONE, suppressed: NONE, undecided: NONE, faults: NONE };

/** `policy` is what the rules' `only` refers to; without one, what holds where an operator says nothing. */
export function createEvaluator(
  rules: readonly CompiledRule[],
  engines: Engines = {},
  policy: OnlyPolicy = NO_POLICY,
): Evaluator {
  const faults: RuleFault[] = [];
  const loaded: Loaded[] = [];
  for (const { header, detection, only: asked } of rules) {
    // A correlation looks at no single event; see create-correlator.ts.
    if (detection.correlation !== undefined) continue;
    try {
      const check = detectionCheck(readDetection(detection), engines);
      const only = asked === undefined ? undefined : loadOnly(asked, policy, engines);
      if (only?.never === true) continue;
      const silent = detection.silent === true;
      loaded.push({ header, silent, check, run: recordTest(check), ...(only === undefined ? {} : { only }) });
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
      let suppressed: Suppression[] | undefined;
      let undecided: Undecided[] | undefined;
      let thrown: RuleFault[] | undefined;
      let facts: OnlyFacts | undefined;
      for (const { header, silent, run, only } of candidates(record)) {
        try {
          if (!run(record)) continue;
          if (only !== undefined) {
            facts ??= createOnlyFacts(record, engines.resources);
            const verdict = judgeOnly(only, facts);
            if (verdict.kind === 'if-first-seen') {
              undecided ??= [];
              undecided.push({ rule: header, silent, keys: verdict.keys });
            } else if (verdict.kind === 'suppressed' && !silent) {
              suppressed ??= [];
              suppressed.push({ rule: header, by: verdict.by });
            }
            if (verdict.kind !== 'holds') continue;
          }
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
      if (matches === undefined && suppressed === undefined && undecided === undefined && thrown === undefined) {
        return NOTHING;
      }
      return {
        hits: hits ?? NONE,
        matches: matches ?? NONE,
        suppressed: suppressed ?? NONE,
        undecided: undecided ?? NONE,
        faults: thrown ?? NONE,
      };
    },
  };
}

function candidatesFor(loaded: readonly Loaded[], facts: JsonObject): readonly Candidate[] {
  return loaded.flatMap(({ check, run, ...rest }): Candidate[] => {
    const left = specialiseOrKeep(check, facts);
    if (left.kind === 'constant' && !left.value) return [];
    return [{ ...rest, run: left === check ? run : recordTest(left) }];
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
