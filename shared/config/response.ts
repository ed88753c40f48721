import { isTimed } from '../containment/playbooks.ts';
import type { RuleHeader } from '../rules/rule.ts';
import { lowestMode, type Mode, type Policy, type Response } from './policy.ts';
import { POLICY_DEFAULTS } from './policy-defaults.ts';

/** What a rule's detection calls for. The stop switch may still lower the mode, just before the first write. */
export type Answer = {
  readonly playbook: string;
  readonly mode: Mode;
  /** How long a `lock` or `revoke-access` lasts; without it, until a person releases. */
  readonly forSeconds?: number;
};

/** Public rules write `privilege_escalation` and `privilege-escalation` for the same tag. */
const folded = (tag: string): string => tag.toLowerCase().replaceAll('_', '-');

function hasTechnique(tags: readonly string[], technique: string): boolean {
  const wanted = `attack.${technique.toLowerCase()}`;
  // T1098 stands for its sub-techniques too: attack.t1098.003.
  return tags.some((tag) => tag.toLowerCase() === wanted || tag.toLowerCase().startsWith(`${wanted}.`));
}

/** `rules/aws` holds for `rules/aws/a.yml`, not for `rules/aws-old/a.yml`. */
function isUnder(file: string, path: string): boolean {
  const start = path.replace(/^\.\//, '').replace(/\/$/, '');
  return file === start || file.startsWith(`${start}/`);
}

function matches({ when }: Response, rule: RuleHeader): boolean {
  const { id, level, tag, technique, path } = when;
  return (
    (id === undefined || rule.id.toLowerCase() === id.toLowerCase()) &&
    (level === undefined || rule.level === level) &&
    (tag === undefined || rule.tags.some((own) => folded(own) === folded(tag))) &&
    (technique === undefined || hasTechnique(rule.tags, technique)) &&
    (path === undefined || isUnder(rule.file, path))
  );
}

/**
 * The playbook that the rule names, else that of the first response that matches, else `alert`; in the lowest of the
 * policy's mode and that response's. A response can therefore hold a rule back, never push it further than the policy.
 */
export function answerFor(policy: Pick<Policy, 'mode' | 'responses'>, rule: RuleHeader): Answer {
  const response = policy.responses.find((candidate) => matches(candidate, rule));
  const playbook = rule.respond ?? response?.playbook ?? 'alert';
  const byDefault = playbook === 'revoke-access' ? POLICY_DEFAULTS.revokeAccessSeconds : undefined;
  const forSeconds = isTimed(playbook) ? (response?.forSeconds ?? byDefault) : undefined;
  return {
    playbook,
    mode: lowestMode(policy.mode, response?.mode ?? policy.mode),
    ...(forSeconds === undefined ? {} : { forSeconds }),
  };
}
