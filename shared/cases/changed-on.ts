import type { AccessEvent } from '../access/access-event.ts';
import { parseArn, partitionOfRegion } from '../access/arn.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { type ResourceKind, type ResourceRef, resourceKindOf } from '../containment/resource.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { ResourceGrant } from './case.ts';

/** What a call that went through changed on a thing of another service than IAM, where Rescind knows how to undo it. */
export function changedOn(event: AccessEvent): readonly ResourceGrant[] {
  const request = requestOf(event);
  switch (`${event.eventSource}/${event.eventName}`) {
    case 'cloudtrail.amazonaws.com/StopLogging': {
      const resource = own(event, 'trail', trailArn(event, textAt(request, 'name')));
      return resource === undefined ? [] : [{ kind: 'trail-stopped', resource }];
    }
    default:
      return [];
  }
}

export function requestOf({ record: { requestParameters } }: AccessEvent): JsonObject {
  return isJsonObject(requestParameters) ? requestParameters : {};
}

/** A thing of the account that the record is of, under a name that AWS allows. */
function own({ account, region }: AccessEvent, kind: ResourceKind, arn: string | undefined): ResourceRef | undefined {
  if (arn === undefined || resourceKindOf(arn) !== kind) return undefined;
  const parts = parseArn(arn);
  if (parts === undefined || (parts.account !== '' && parts.account !== account)) return undefined;
  return { account, region: parts.region === '' ? region : parts.region, arn };
}

/** A request names a trail by its ARN, or by its name in its home region. */
function trailArn({ region, account }: AccessEvent, name: string | undefined): string | undefined {
  if (name === undefined || name.startsWith('arn:')) return name;
  return `arn:${partitionOfRegion(region)}:cloudtrail:${region}:${account}:trail/${name}`;
}
