import { resourceKindOf, resourceLabel, resourceName } from '../../containment/resource.ts';
import type { ResourceGrant } from '../case.ts';
import type { Shortfall } from '../outcome.ts';
import { commandWord } from './command-word.ts';

const BLOCKED =
  '--public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true';

/** How a person undoes what a call changed on a thing. */
export function undoResourceSteps(grant: ResourceGrant): readonly string[] {
  const { arn, region } = grant.resource;
  const there = `--region ${commandWord(region, 'REGION')}`;
  switch (grant.kind) {
    case 'trail-stopped': {
      const name = `--name ${commandWord(arn, 'TRAIL')} ${there}`;
      return [
        `Start the trail again: aws cloudtrail start-logging ${name}`,
        `See that it logs: aws cloudtrail get-trail-status ${name}`,
      ];
    }
    case 'ingress-opened': {
      const group = commandWord(resourceName(grant.resource), 'GROUP-ID');
      const ids = grant.rules.map(({ ruleId }) => commandWord(ruleId, 'RULE-ID'));
      return [
        `See what the group lets in: aws ec2 describe-security-group-rules --filters Name=group-id,Values=${group} ${there}`,
        `Take the added rules out: aws ec2 revoke-security-group-ingress --group-id ${group} --security-group-rule-ids ${[...new Set(ids)].join(' ')} ${there}`,
      ];
    }
    case 'access-block-removed': {
      if (resourceKindOf(arn) === 'account') {
        return [
          `Block public access again: aws s3control put-public-access-block --account-id ${commandWord(resourceName(grant.resource), 'ACCOUNT')} ${BLOCKED}`,
        ];
      }
      const bucket = `--bucket ${commandWord(resourceName(grant.resource), 'BUCKET')}`;
      return [
        `Block public access again: aws s3api put-public-access-block ${bucket} ${BLOCKED}`,
        `See what was opened meanwhile: aws s3api get-bucket-policy-status ${bucket}`,
      ];
    }
    default:
      return grant satisfies never;
  }
}

/** A change on a thing that Rescind does not undo this time. */
export function leftToPerson(grant: ResourceGrant, why: string): Shortfall {
  return {
    item: resourceLabel(grant.resource),
    reason: `left as it is: ${why}. ${undoResourceSteps(grant).join('. ')}`,
  };
}
