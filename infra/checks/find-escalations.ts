import { matchesGlob } from '../../shared/containment/glob.ts';
import type { EscalationPath, EscalationStep } from './escalation-paths.ts';
import { evaluatePolicy, type PolicyStatement } from './evaluate-policy.ts';

/** Whether a role may make every call of a path, on anything at all. */
export function isPossible(statements: readonly PolicyStatement[], { steps }: EscalationPath): boolean {
  return steps.every((step) => mayMake(statements, step));
}

/**
 * Not only on the thing that the path names: a grant on one function is one too. So each resource that any statement allows
 * for the action is tried as well, with some text for its stars.
 */
function mayMake(statements: readonly PolicyStatement[], { action, resource, context = {} }: EscalationStep): boolean {
  const granted = statements
    .filter(
      ({ Effect, Action = [], NotAction }) =>
        // What all but some actions are allowed on is worth a try for each.
        Effect === 'Allow' && (NotAction !== undefined || Action.some((pattern) => matchesGlob(pattern, action))),
    )
    .flatMap(({ Resource = [] }) => Resource)
    .map((pattern) => (pattern === '*' ? resource : pattern.replaceAll('*', 'x').replaceAll('?', 'x')));
  // Of the request only what the path says is known: the caller chooses the rest.
  const known = { values: context, isWhole: false };
  return [resource, ...granted].some(
    (target) => evaluatePolicy(statements, { action, resource: target, context: known }).kind === 'allowed',
  );
}
