import type { DemoPolicy } from '../policy-folder.ts';
import { policyText } from '../policy-text.ts';

/** Two policies that differ in one word. */
export const OBSERVE: DemoPolicy = {
  name: 'observe',
  text: (subscriber) => policyText({ mode: 'observe', subscriber }),
};
export const ENFORCE: DemoPolicy = {
  name: 'enforce',
  text: (subscriber) => policyText({ mode: 'enforce', subscriber }),
};
