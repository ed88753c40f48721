import { matchesExactGlob, matchesGlob } from '../../shared/containment/glob.ts';
import { type Condition, type Context, judgeCondition } from './condition.ts';

/** One statement of a policy, every element as a list. */
export type PolicyStatement = {
  readonly Sid?: string | undefined;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[] | undefined;
  readonly NotAction?: readonly string[] | undefined;
  readonly Resource?: readonly string[] | undefined;
  readonly NotResource?: readonly string[] | undefined;
  readonly Condition?: Condition | undefined;
};

export type AccessRequest = { readonly action: string; readonly resource: string; readonly context: Context };

export type Decision =
  /** A statement denies it, whatever else allows it. */
  | { readonly kind: 'denied'; readonly by: PolicyStatement }
  | { readonly kind: 'allowed'; readonly by: PolicyStatement }
  /** No statement allows it. */
  | { readonly kind: 'not-allowed' };

/**
 * What a set of statements says to a request, on the side of "allowed" where it cannot be told: the condition of an Allow
 * is taken to hold unless it is shown not to, that of a Deny not to hold unless it is shown to.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicy(statements: readonly PolicyStatement[], request: AccessRequest): Decision {
  const applying = statements.filter((statement) => isAbout(statement, request));
  const truthOf = ({ Condition: condition = {} }: PolicyStatement) => judgeCondition(condition, request.context);
  const deny = applying.find((statement) => statement.Effect === 'Deny' && truthOf(statement) === 'true');
  if (deny !== undefined) return { kind: 'denied', by: deny };
  const allow = applying.find((statement) => statement.Effect === 'Allow' && truthOf(statement) !== 'false');
  return allow === undefined ? { kind: 'not-allowed' } : { kind: 'allowed', by: allow };
}

function isAbout(statement: PolicyStatement, { action, resource }: AccessRequest): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  const named = Action?.some((pattern) => matchesGlob(pattern, action)) ?? false;
  const notExcepted = NotAction !== undefined && !NotAction.some((pattern) => matchesGlob(pattern, action));
  const meant = Resource?.some((pattern) => matchesExactGlob(pattern, resource)) ?? false;
  const notSpared = NotResource !== undefined && !NotResource.some((pattern) => matchesExactGlob(pattern, resource));
  return (named || notExcepted) && (meant || notSpared);
}
