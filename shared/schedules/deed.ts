import type { AccessEvent } from '../access/access-event.ts';
import { matchesResource } from '../access/same-resource.ts';
import { matchesGlob } from '../containment/glob.ts';
import { isJsonObject } from '../json.ts';
import type { Whom } from './schedule.ts';

/** Of an access event what schedules and change windows go by. */
export type Deed = {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly account: string;
  /** The ARNs that stand for whoever acted: of the user, or of the session and its role. */
  readonly principals: readonly string[];
  readonly resources: readonly string[];
};

export function deedOf(event: AccessEvent, resources: readonly string[]): Deed {
  const { principal, record } = event;
  const { userIdentity } = record;
  const arn = isJsonObject(userIdentity) ? userIdentity.arn : undefined;
  return {
    time: Date.parse(event.eventTime),
    account: event.account,
    principals: [
      ...(typeof arn === 'string' ? [arn] : []),
      ...(principal.kind === 'role-session' ? [principal.roleArn] : []),
    ],
    resources,
  };
}

/** Is the deed one of those that are meant? What is touched must be meant as a whole, and a deed on nothing known is not. */
export function isFor({ principals, resources }: Whom, deed: Deed): boolean {
  return (
    isBy(principals, deed) &&
    (resources.length === 0 ||
      (deed.resources.length > 0 &&
        deed.resources.every((arn) => resources.some((pattern) => matchesResource(pattern, arn)))))
  );
}

export function isBy(patterns: readonly string[], { principals }: Deed): boolean {
  return patterns.length === 0 || principals.some((arn) => patterns.some((pattern) => matchesGlob(pattern, arn)));
}
