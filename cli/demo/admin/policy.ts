import type { DemoPolicy } from '../policy-folder.ts';
import { officeHours, policyText } from '../policy-text.ts';

/** `zone`: where the office is. */
export function adminPolicy(zone: string): DemoPolicy {
  const more = `${officeHours(zone)}record:
  services: [iam]
`;
  return { name: 'enforce', text: (subscriber) => policyText({ mode: 'enforce', subscriber, zone, more }) };
}
