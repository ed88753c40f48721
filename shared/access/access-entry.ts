import { storable } from '../cases/storable.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { AccessEvent } from './access-event.ts';
import { usedMultiFactor } from './multi-factor.ts';
import { principalLabel } from './principal.ts';
import { principalKey } from './principal-key.ts';
import { type Resource, readResources } from './resources-of.ts';
import { type Result, resultOf } from './result-of.ts';
import { resourceKey } from './same-resource.ts';
import { sessionOf } from './session-of.ts';

/**
 * Who touched what, when: one of these for each resource of a record, one without a resource where there is none. What is
 * left out stands in the record itself, which account, region, time and event id find again in the trail.
 */
export type AccessEntry = {
  readonly eventId: string;
  /** ISO 8601 in UTC with milliseconds, so that text sorts as time does. */
  readonly at: string;
  /** See `principalKey`. */
  readonly principal: string;
  /** For a person to read: text from the record. */
  readonly who: string;
  /** Which session, where temporary credentials were used: their key id, or `<role id>:<session name>`. */
  readonly session?: string;
  readonly sourceIdentity?: string;
  readonly resource?: Resource;
  readonly source: string;
  readonly action: string;
  readonly readOnly: boolean;
  readonly region: string;
  readonly account: string;
  readonly sourceIp?: string;
  readonly userAgent?: string;
  /** The AWS service that made the call for the principal. */
  readonly via?: string;
  readonly result: Result;
  readonly errorCode?: string;
  readonly mfa?: boolean;
  /** Resources of the same record beyond RESOURCES_OF_ONE_RECORD. */
  readonly leftOut?: number;
};

/** What is kept of texts that are only read by people. */
const LONGEST_LABEL = 128;

/** The entries of one event, in the order of its resources. */
export function entriesOf(event: AccessEvent): readonly AccessEntry[] {
  const { principal, record } = event;
  const { resources, leftOut } = readResources(event);
  const via = textAt(objectOf(record, 'userIdentity'), 'invokedBy');
  const common = {
    eventId: storable(event.eventId, LONGEST_LABEL),
    at: new Date(event.eventTime).toISOString(),
    principal: principalKey(principal),
    who: label(principalLabel(principal)),
    ...some('session', sessionOf(principal)),
    ...some('sourceIdentity', principal.kind === 'role-session' ? principal.sourceIdentity : undefined),
    source: label(event.eventSource),
    action: label(event.eventName),
    readOnly: event.readOnly,
    region: label(event.region),
    account: label(event.account),
    ...some('sourceIp', event.sourceIp),
    ...some('userAgent', event.userAgent),
    ...some('via', principal.kind === 'service' ? undefined : via),
    result: resultOf(event),
    ...some('errorCode', event.errorCode),
    ...given('mfa', usedMultiFactor(event)),
    ...(leftOut === 0 ? {} : { leftOut }),
  };
  if (resources.length === 0) return [common];
  return resources.map((resource) => ({
    ...common,
    // At most 1,600 letters, whole: a cut ARN would name something else.
    resource: { arn: storable(resource.arn, resource.arn.length), type: label(resource.type) },
  }));
}

function label(text: string): string {
  return storable(text, LONGEST_LABEL);
}

function some<Name extends string>(name: Name, text: string | undefined): { readonly [N in Name]?: string } {
  return given(name, text === undefined ? undefined : label(text));
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: Value });
}

function objectOf(record: JsonObject, name: string): JsonObject | undefined {
  const value = record[name];
  return isJsonObject(value) ? value : undefined;
}

/** Entries of one principal on one resource; those without a resource together. Only these are counted together. */
export function groupEntries(entries: readonly AccessEntry[]): readonly (readonly AccessEntry[])[] {
  const groups = new Map<string, AccessEntry[]>();
  for (const entry of entries) {
    const { principal, resource } = entry;
    const key = JSON.stringify([principal, resource === undefined ? null : resourceKey(resource.arn)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}
