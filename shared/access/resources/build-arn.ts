import type { AccessEvent } from '../access-event.ts';
import { partitionOfRegion } from '../arn.ts';
import type { Naming } from './naming.ts';
import { textsAt } from './read-names.ts';

/** The ARN that a name stands for in its record; `undefined` where the record lacks a part of it. */
export function buildArn(event: AccessEvent, naming: Naming, name: string): string | undefined {
  let complete = true;
  const rest = naming.arn.replace(/\{([^}]+)\}/g, (_, alternatives: string) => {
    const value = first(alternatives, (one) => fill(event, one, name));
    if (value === undefined) complete = false;
    return value ?? '';
  });
  return complete ? `arn:${partitionOfRegion(event.region)}:${rest}` : undefined;
}

function first(alternatives: string, read: (one: string) => string | undefined): string | undefined {
  for (const one of alternatives.split('|')) {
    const value = read(one);
    if (value !== undefined) return value;
  }
  return undefined;
}

function fill(event: AccessEvent, placeholder: string, name: string): string | undefined {
  switch (placeholder) {
    case 'name':
      return name;
    case 'region':
      return event.region;
    case 'account':
      return event.account;
    default: {
      if (placeholder.startsWith('"')) return placeholder.slice(1, -1);
      const value = textsAt(event.record.requestParameters, placeholder)[0];
      // What a resource lies in may itself be named by its ARN: a cluster, a bucket's access point.
      return value?.startsWith('arn:') ? value.split('/').at(-1) : value;
    }
  }
}
