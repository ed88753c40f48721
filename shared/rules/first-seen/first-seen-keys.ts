import type { AccessEvent } from '../../access/access-event.ts';
import { isIdentityCenterRole } from '../../access/person.ts';
import type { Principal } from '../../access/principal.ts';
import { resourceKey } from '../../access/same-resource.ts';
import type { FirstSeenPart } from '../only/only.ts';
import { networkOf } from './network-of.ts';
import { userAgentFamily } from './user-agent-family.ts';

/**
 * The keys of what an event brought together, one for each of these resources where the resource is a part. None where
 * the event lacks a part: nobody knows whether that was there before.
 */
export function firstSeenKeys(
  parts: readonly FirstSeenPart[],
  event: AccessEvent,
  resources: readonly string[],
): readonly string[] {
  let keys: readonly (readonly (readonly [FirstSeenPart, string])[])[] = [[]];
  for (const part of parts) {
    const values = valuesOf(part, event, resources);
    keys = keys.flatMap((key) => values.map((value) => [...key, [part, value] as const]));
  }
  return keys.map((key) => JSON.stringify(key));
}

/**
 * Of an event's resources those that no other one holds: the bucket and not the object in it, for most objects are
 * read for the first time. A table stands for its indexes, a secret for itself.
 */
export function outermost(resources: readonly string[]): readonly string[] {
  return resources.filter((arn) => !resources.some((other) => other !== arn && arn.startsWith(`${other}/`)));
}

function valuesOf(part: FirstSeenPart, event: AccessEvent, resources: readonly string[]): readonly string[] {
  switch (part) {
    case 'actor':
      return present(actorOf(event.principal));
    case 'resource':
      return [...new Set(resources.map(resourceKey))];
    case 'service':
      return [event.eventSource];
    case 'network':
      return present(networkOf(event.sourceIp ?? ''));
    case 'user-agent':
      return present(userAgentFamily(event.userAgent ?? ''));
  }
}

function present(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

/**
 * Who acted, as long as they are the same. Most sessions of a role have names made up anew each time, so the role stands for
 * them; the sessions of Identity Center are named after the person, and a source identity lasts from role to role.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html
 */
function actorOf(principal: Principal): string | undefined {
  switch (principal.kind) {
    case 'user':
      return `user:${principal.userId}`;
    case 'role-session': {
      const { roleId, roleArn, sessionName, sourceIdentity } = principal;
      const person = sourceIdentity ?? (isIdentityCenterRole(roleArn) ? sessionName : undefined);
      return person === undefined ? `role:${roleId}` : `role:${roleId}:${person}`;
    }
    case 'federated-user':
      return `user:${principal.issuerId}`;
    case 'saml-user':
    case 'web-identity-user':
      return `${principal.kind}:${principal.provider}:${principal.name}`;
    case 'identity-center-user':
      return `idc:${principal.userId}`;
    case 'root':
    case 'account':
      return `${principal.kind}:${principal.account}`;
    case 'service':
      return `service:${principal.invokedBy}`;
    case 'anonymous':
    case 'unknown':
      return undefined;
  }
}
