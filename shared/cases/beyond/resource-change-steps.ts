import { resourceLabel } from '../../containment/resource.ts';
import type { ResourceGrant } from '../case.ts';
import type { Shortfall } from '../outcome.ts';
import { commandWord } from './command-word.ts';

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
    default:
      return grant.kind satisfies never;
  }
}

/** A change on a thing that Rescind does not undo this time. */
export function leftToPerson(grant: ResourceGrant, why: string): Shortfall {
  return {
    item: resourceLabel(grant.resource),
    reason: `left as it is: ${why}. ${undoResourceSteps(grant).join('. ')}`,
  };
}
