import { DEMO_SETTLE_SECONDS, type DemoPolicy } from '../policy-folder.ts';

export const DEMO_BREAKER_SUBJECTS = 20;

/** Two policies that differ in one word. */
export const OBSERVE: DemoPolicy = { name: 'observe', text: (subscriber) => policyText('observe', subscriber) };
export const ENFORCE: DemoPolicy = { name: 'enforce', text: (subscriber) => policyText('enforce', subscriber) };

function policyText(mode: 'observe' | 'enforce', subscriber: string): string {
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
alerts:
  zone: UTC
  page:
    - { protocol: http, endpoint: "${subscriber}" }
  information:
    - { protocol: http, endpoint: "${subscriber}" }
`;
}
