import type { AccessEvent } from '../access/access-event.ts';
import { parseArn, partitionOfRegion } from '../access/arn.ts';
import { textAt } from '../cloudtrail/text-at.ts';
import { ALL_BLOCKED, readAccessBlock, sameAccessBlock } from '../containment/access-block.ts';
import { type ResourceKind, type ResourceRef, resourceKindOf } from '../containment/resource.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { ResourceGrant } from './case.ts';
import { ingressIn } from './ingress-in.ts';

/**
 * What a call that went through changed on a thing of another service than IAM, where Rescind knows how to undo it. Names
 * and parameters as CloudTrail records them; only what parses as a name of the account's own is taken.
 */
export function changedOn(event: AccessEvent): ResourceGrant | undefined {
  if (event.errorCode !== undefined) return undefined;
  const request = requestOf(event);
  const { region, account } = event;
  const partition = partitionOfRegion(region);
  switch (`${event.eventSource}/${event.eventName}`) {
    case 'cloudtrail.amazonaws.com/StopLogging': {
      // By its ARN, or by its name in its home region.
      const name = textAt(request, 'name') ?? NO_NAME;
      const arn = name.startsWith('arn:') ? name : `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`;
      const resource = own(event, 'trail', arn);
      return resource && { kind: 'trail-stopped', resource };
    }
    case 'ec2.amazonaws.com/AuthorizeSecurityGroupIngress': {
      const opened = ingressIn(event);
      const resource = own(
        event,
        'security-group',
        `arn:${partition}:ec2:${region}:${account}:security-group/${opened.group}`,
      );
      const { rules, leftOut } = opened;
      return resource && rules.length > 0 ? { kind: 'ingress-opened', resource, rules, leftOut } : undefined;
    }
    case 's3.amazonaws.com/DeleteBucketPublicAccessBlock':
    case 's3.amazonaws.com/PutBucketPublicAccessBlock':
      return unblocked(
        event,
        own(event, 'bucket', `arn:${partition}:s3:::${textAt(request, 'bucketName') ?? NO_NAME}`),
      );
    case 's3.amazonaws.com/DeleteAccountPublicAccessBlock':
    case 's3.amazonaws.com/PutAccountPublicAccessBlock':
      return unblocked(event, own(event, 'account', `arn:${partition}:iam::${account}:root`));
    default:
      return undefined;
  }
}

/** CloudTrail leaves parameters out of a record that is too large. No thing is named so. */
const NO_NAME = '';

export function requestOf({ record: { requestParameters } }: AccessEvent): JsonObject {
  return isJsonObject(requestParameters) ? requestParameters : {};
}

/** A thing of the account that the record is of, under a name that AWS allows. */
function own({ account, region }: AccessEvent, kind: ResourceKind, arn: string): ResourceRef | undefined {
  const parts = parseArn(arn);
  if (parts === undefined || resourceKindOf(arn) !== kind) return undefined;
  if (parts.account !== '' && parts.account !== account) return undefined;
  return { account, region: parts.region === '' ? region : parts.region, arn };
}

/** A call that leaves every switch on opens nothing. */
function unblocked(event: AccessEvent, resource: ResourceRef | undefined): ResourceGrant | undefined {
  if (resource === undefined) return undefined;
  if (event.eventName.startsWith('Delete')) return { kind: 'access-block-removed', resource, left: null };
  const { PublicAccessBlockConfiguration: given } = requestOf(event);
  if (!isJsonObject(given)) return undefined;
  const left = readAccessBlock(given);
  return sameAccessBlock(left, ALL_BLOCKED) ? undefined : { kind: 'access-block-removed', resource, left };
}
