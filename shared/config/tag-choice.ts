import { z } from 'zod';
import { resourcePatternProblem } from './arn-pattern.ts';
import { list } from './policy-fields.ts';

/**
 * A tag as the policy names it: `data=finance`, or `data` for any value. Keys have at most 128 characters and values 256
 * (https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html).
 */
export const TAG = /^[^=]{1,128}(=.{0,256})?$/su;

export type TagChoice = { readonly tag: string };

const EXAMPLE = '{ tag: data=finance }';

/** A resource by a pattern of its ARN, or any that bears a tag. */
const resourceOrTag = z.unknown().transform((value, context): string | TagChoice => {
  const wrong = (message: string): never => {
    context.issues.push({ code: 'custom', message, input: value });
    return z.NEVER;
  };
  if (typeof value === 'string') {
    const problem = resourcePatternProblem(value);
    return problem === undefined ? value : wrong(problem);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return wrong(`is neither an ARN nor a tag: write arn:aws:secretsmanager:*:*:secret:finance/* or ${EXAMPLE}`);
  }
  const { tag, ...more }: { tag?: unknown } = value;
  if (typeof tag !== 'string' || Object.keys(more).length > 0) return wrong(`is no tag: write ${EXAMPLE}`);
  return TAG.test(tag) ? { tag } : wrong(`${JSON.stringify(tag.slice(0, 60))} is no tag: write ${EXAMPLE}`);
});

export const resourcesOrTags = list(resourceOrTag, '- arn:aws:secretsmanager:*:*:secret:finance/*');

/** The two apart, as the policy keeps them. */
export function apart(choices: readonly (string | TagChoice)[]): {
  readonly patterns: readonly string[];
  readonly tags: readonly string[];
} {
  return {
    patterns: choices.filter((choice) => typeof choice === 'string'),
    tags: choices.flatMap((choice) => (typeof choice === 'string' ? [] : [choice.tag])),
  };
}
