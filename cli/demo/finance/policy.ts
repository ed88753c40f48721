import type { DemoPolicy } from '../policy-folder.ts';
import { officeHours, policyText } from '../policy-text.ts';

/** How long the access is taken: by the policy of the story, and here, where nobody waits for four hours. */
export const HOLD = { told: '4 h', toldSeconds: 4 * 3600, seconds: 36 } as const;

/** What makes the password of the finance database a sensitive one, and what is done about those. */
export const FINANCE_KEYS = `responses:
  # ${HOLD.told}, with a clock that runs ${HOLD.toldSeconds / HOLD.seconds} times as fast.
  - { when: { path: rules/data-access }, playbook: revoke-access, for: ${HOLD.seconds} s }
sensitive:
  - arn:aws:secretsmanager:*:*:secret:finance/*
`;

/** `zone`: where the office is. */
export function financePolicy(zone: string): DemoPolicy {
  const more = `${FINANCE_KEYS}${officeHours(zone)}record:
  services: [secretsmanager]
`;
  return {
    name: 'enforce',
    text: (subscriber, bridge) => policyText({ mode: 'enforce', subscriber, bridge, zone, more }),
  };
}
