import type { AccessEvent } from '../../access/access-event.ts';

/**
 * The two matchers that need a library, and the reader of resources that needs tables. They are handed to the evaluator, so
 * that a function whose rules need none does not carry them: together they would add about 195 KB to a bundle of 390.
 */
export type TextMatcher = (text: string) => boolean;
export type RegexEngine = (source: string, flags: string) => TextMatcher;
export type CidrEngine = (range: string) => TextMatcher;
/** The ARNs of what an event touches. */
export type ResourceReader = (event: AccessEvent) => readonly string[];
export type Engines = {
  readonly regex?: RegexEngine;
  readonly cidr?: CidrEngine;
  readonly resources?: ResourceReader;
};
