import { matchesGlob } from '../containment/glob.ts';
import { isJsonObject, type Json } from '../json.ts';
import type { AccessEvent } from './access-event.ts';
import { LONGEST_ARN, parseArn } from './arn.ts';
import { buildArn } from './resources/build-arn.ts';
import type { Naming } from './resources/naming.ts';
import { readName, textsAt } from './resources/read-names.ts';
import { SERVICE_NAMINGS } from './resources/service-namings.ts';
import { typeOfArn } from './resources/type-of-arn.ts';

/** A resource that a call named. The text in it comes from the record: a value only, never markup or authority. */
export type Resource = {
  /** `?` and `*` stand where the record does not tell a part: the six random characters of a secret named by its name. */
  readonly arn: string;
  /** As CloudFormation calls it, `AWS::S3::Object`; `unknown` where nothing tells. */
  readonly type: string;
};

/** So many of one record are told; a call that names more says how many were left out. */
export const RESOURCES_OF_ONE_RECORD = 50;

/**
 * What a call touched, by ARN: from the record's own `resources`, else from what it asked for and what it was given.
 * Distinct, the record's own words first, at most RESOURCES_OF_ONE_RECORD. Total: a record that names nothing in a way that
 * is known has none.
 */
export function resourcesOf(event: AccessEvent): readonly Resource[] {
  return readResources(event).resources;
}

/** As `resourcesOf`, with the number of resources beyond the limit. */
export function readResources(event: AccessEvent): {
  readonly resources: readonly Resource[];
  readonly leftOut: number;
} {
  const told = toldResources(event.record.resources);
  const toldTypes = new Set(told.map(({ type }) => type));
  const namings = SERVICE_NAMINGS.get(event.eventSource) ?? [];
  const found = new Map<string, Resource>();
  let tooLong = 0;
  const keep = ({ arn, type }: Resource): void => {
    if (arn.length > LONGEST_ARN) tooLong += 1;
    else if (!found.has(arn)) found.set(arn, { arn, type });
  };
  for (const resource of told) keep(resource);
  for (const naming of namings) {
    // What CloudTrail tells of a type is better than what its parameters make likely.
    if (naming.besides !== true && toldTypes.has(naming.type)) continue;
    if (naming.calls?.some((call) => matchesGlob(call, event.eventName)) === false) continue;
    for (const resource of namedResources(event, naming)) keep(resource);
  }
  for (const resource of arnsAmong(event.record.requestParameters)) keep(resource);
  const resources = [...found.values()];
  return {
    resources: resources.slice(0, RESOURCES_OF_ONE_RECORD),
    leftOut: Math.max(0, resources.length - RESOURCES_OF_ONE_RECORD) + tooLong,
  };
}

/** Longer lists than this are not read to their end: a record is at most a megabyte, but its reader has others to read. */
const ENTRIES_LOOKED_AT = 1_000;

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
function toldResources(list: Json | undefined): readonly Resource[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, ENTRIES_LOOKED_AT).flatMap((entry: Json) => {
    const [arn] = textsAt(entry, 'ARN');
    const [prefix] = textsAt(entry, 'ARNPrefix');
    // Every object whose key begins so, as a policy of IAM would say it.
    const named = arn ?? (prefix === undefined ? undefined : `${prefix}*`);
    if (named === undefined || (named.length <= LONGEST_ARN && parseArn(named) === undefined)) return [];
    const [type = typeOfArn(named)] = textsAt(entry, 'type');
    return [{ arn: whole(named), type }];
  });
}

function namedResources(event: AccessEvent, naming: Naming): readonly Resource[] {
  const { requestParameters, responseElements } = event.record;
  const given = (naming.response ?? []).flatMap((path) => textsAt(responseElements, path));
  const values = given.length > 0 ? given : (naming.request ?? []).flatMap((path) => textsAt(requestParameters, path));
  return values.flatMap((value) => {
    if (parseArn(value) !== undefined) {
      const type = typeOfArn(value);
      return [{ arn: whole(value), type: type === 'unknown' ? naming.type : type }];
    }
    if (value.startsWith('arn:')) return [];
    const name = readName(value, naming.reads);
    const arn = name === undefined ? undefined : buildArn(event, naming, name);
    return arn === undefined ? [] : [{ arn, type: naming.type }];
  });
}

/** Parameters that are named for the ARN they hold, in calls and services that no table knows. */
function arnsAmong(parameters: Json | undefined): readonly Resource[] {
  if (!isJsonObject(parameters)) return [];
  return Object.keys(parameters)
    .slice(0, ENTRIES_LOOKED_AT)
    .filter((name) => /(?:arns?|arnlist|resource|resourceid|resourcename)$/i.test(name))
    .flatMap((name) => textsAt({ value: parameters[name] }, 'value'))
    .flatMap((text) => (parseArn(text) === undefined ? [] : [{ arn: whole(text), type: typeOfArn(text) }]));
}

/** A version or an alias of a function is that function. */
function whole(arn: string): string {
  return arn.replace(/^(arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+):.*$/s, '$1');
}
