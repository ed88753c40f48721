import type { JsonObject } from '../json.ts';
import type { Only } from './only/only.ts';

/** Sigma's levels, lowest first. A case's severity is the highest of its detections. */
export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** Whom a detection is about: who acted, only that session, or whom or what the call was aimed at. */
export const SUBJECT_SELECTORS = ['actor', 'session', 'target-user', 'target-role', 'resource'] as const;
export type SubjectSelector = (typeof SUBJECT_SELECTORS)[number];

/** What the rest of Rescind needs to know of a rule; the detection logic stays inside the engine. */
export type RuleHeader = {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly description: string;
  readonly falsePositives: readonly string[];
  /** Sigma tags, e.g. `attack.privilege-escalation`, `attack.t1098.003`. */
  readonly tags: readonly string[];
  /** Path relative to the project, with forward slashes. */
  readonly file: string;
  readonly subject: SubjectSelector;
  /** Playbook named by `rescind.respond`; without one, `responses` of the policy decides, else `alert`. */
  readonly respond?: string;
  /** The rule needs List, Get and Describe calls, which EventBridge delivers only on request. */
  readonly needsReadEvents: boolean;
};

/** A rule as it travels from synth to the functions: header plus parsed detection, plain JSON, no YAML parser needed to load it. */
export type CompiledRule = {
  readonly header: RuleHeader;
  readonly detection: JsonObject;
  /** What the rule asks beside its detection; the names in it are those of the policy that it travels with. */
  readonly only?: Only;
};

/** One thing wrong with a rule file, and what to write instead. Line and column count from 1. */
export type RuleProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};
