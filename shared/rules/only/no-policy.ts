import { BUSINESS_HOURS, DEFAULT_SCHEDULE, POLICY_DEFAULTS } from '../../config/policy-defaults.ts';
import type { OnlyPolicy } from './only.ts';

/** What `only` refers to where there is no policy: business hours in UTC, nothing sensitive, no lists, no changes. */
export const NO_POLICY: OnlyPolicy = {
  schedules: { [DEFAULT_SCHEDULE]: { ...BUSINESS_HOURS, zone: POLICY_DEFAULTS.zone } },
  sensitive: POLICY_DEFAULTS.sensitive,
  sensitiveTags: [],
  lists: {},
  changeWindows: [],
};
