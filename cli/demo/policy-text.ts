import { DEMO_SETTLE_SECONDS } from './policy-folder.ts';

export const DEMO_BREAKER_SUBJECTS = 20;

/** Office hours in a zone, for the rules that hold outside them. */
export function officeHours(zone: string): string {
  return `schedules:
  business-hours:
    zone: ${zone}
    days: [mon, tue, wed, thu, fri]
    hours: "08:00-18:00"
`;
}

/** A whole `rescind.yaml` for an embedded AWS. `more`: what else the chapter needs, whole lines. */
export function policyText(options: {
  readonly mode: 'observe' | 'enforce';
  readonly subscriber: string;
  readonly zone?: string;
  /** Gets a ticket for each case that is grave enough; nobody does without it. */
  readonly bridge?: string;
  readonly more?: string;
}): string {
  const { mode, subscriber, zone = 'UTC', bridge, more = '' } = options;
  const tickets =
    bridge === undefined ? '' : `tickets:\n  level: high\n  topic:\n    - { protocol: http, endpoint: "${bridge}" }\n`;
  return `version: 1
home-region: us-east-1
mode: ${mode}
protected:
  - arn:aws:iam::*:role/BreakGlass*
# Several runs against one AWS must not open it.
breaker:
  subjects: ${DEMO_BREAKER_SUBJECTS}
  window: 15 m
timing:
  settle: ${DEMO_SETTLE_SECONDS} s
rules:
  - rules
${more}${tickets}alerts:
  zone: ${zone}
  page:
    - { protocol: http, endpoint: "${subscriber}" }
  information:
    - { protocol: http, endpoint: "${subscriber}" }
`;
}
