/** Which resources bear the tags that the policy names. */
export type TaggedResources = {
  /** Whether one of these tags is on it, by what was known when it was last read; nothing is known before that. */
  readonly bears: (tags: readonly string[], arn: string) => boolean;
};

/** Read when somebody asks, and not before. */
export type TaggedOnDemand = TaggedResources & {
  /** Reads it anew, unless that was done within the last minute. */
  readonly refresh: () => Promise<void>;
  /** The same, if it was asked in vain since: true if whoever asked should ask again. */
  readonly refreshIfAsked: () => Promise<boolean>;
};

/** A resource with one of the tags. */
export type Tagged = {
  /** As the policy names it: `data=finance`. */
  readonly tag: string;
  readonly arn: string;
};

/** Where it is kept which they are, between one look at the account and the next. */
export type TaggedStore = {
  readonly list: () => Promise<readonly Tagged[]>;
  readonly add: (tagged: Tagged) => Promise<void>;
  readonly remove: (tagged: Tagged) => Promise<void>;
};

/** The ARNs of all resources of this region and account that bear a tag now. */
export type TagSearch = (tag: string) => AsyncIterable<string>;
