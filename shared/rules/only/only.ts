import type { Policy } from '../../config/policy.ts';
import type { TaggedResources } from '../../ports/tagged-resources.ts';

/** What `first-seen` can ask about. No record tells a country. */
export const FIRST_SEEN_PARTS = ['actor', 'resource', 'service', 'network', 'user-agent'] as const;
export type FirstSeenPart = (typeof FIRST_SEEN_PARTS)[number];

/** What beside its detection a rule asks of an event and of the time: `rescind.only`. All must hold. Plain JSON. */
export type Only = {
  /** Names of schedules: none of them approves. */
  readonly outside?: readonly string[];
  readonly outsideChangeWindow?: true;
  /** A resource of the event is sensitive. */
  readonly sensitive?: true;
  /** By dotted path in the record the name of a list that has the value, or any of the values, there. */
  readonly inList?: { readonly [path: string]: string };
  /** Never seen together before, as far back as first-seen looks. In the order of FIRST_SEEN_PARTS. */
  readonly firstSeen?: readonly FirstSeenPart[];
};

/** Of the policy, what `only` refers to, and what is known of the tags that it names: nothing, where no account is at hand. */
export type OnlyPolicy = Pick<Policy, 'schedules' | 'sensitive' | 'sensitiveTags' | 'lists' | 'changeWindows'> & {
  readonly tagged?: TaggedResources;
};
