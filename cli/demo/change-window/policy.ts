import { recordTime } from '../../staging/record-time.ts';
import { FINANCE_KEYS } from '../finance/policy.ts';
import type { DemoPolicy } from '../policy-folder.ts';
import { officeHours, policyText } from '../policy-text.ts';

export const RELEASE = { name: 'release 42', ticket: 'CHG-1234' } as const;

/** Around now; it began when nobody had started the demo yet. */
const BEFORE_MS = 600_000;
const AFTER_MS = 3_600_000;

/** `announced`: patterns of the ARNs that the change names. `zone`: where the office is. */
export function changeWindowPolicy(zone: string, now: Date, announced: readonly string[]): DemoPolicy {
  const [from, to] = [-BEFORE_MS, AFTER_MS].map((by) => recordTime(new Date(now.getTime() + by)));
  const more = `${FINANCE_KEYS}${officeHours(zone)}change-windows:
  - name: ${RELEASE.name}
    ticket: ${RELEASE.ticket}
    from: ${from}
    to: ${to}
    principals: ${JSON.stringify(announced)}
record:
  services: [secretsmanager, iam]
`;
  return {
    name: 'enforce',
    text: (subscriber, bridge) => policyText({ mode: 'enforce', subscriber, bridge, zone, more }),
  };
}
