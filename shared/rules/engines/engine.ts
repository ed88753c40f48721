/**
 * The two matchers that need a library. They are handed to the evaluator, so that a function whose rules need neither
 * does not carry them: together they would add about 165 KB to a bundle of 390.
 */
export type TextMatcher = (text: string) => boolean;
export type RegexEngine = (source: string, flags: string) => TextMatcher;
export type CidrEngine = (range: string) => TextMatcher;
export type Engines = { readonly regex?: RegexEngine; readonly cidr?: CidrEngine };
