import type { AccessEvent } from '../../access/access-event.ts';
import { textAt } from '../../cloudtrail/text-at.ts';
import { isJsonObject } from '../../json.ts';
import { commandWord, lookUp } from './command-word.ts';

/** A change that Rescind does not undo itself: on what it was made, as far as the record says, and the commands for a person. */
export type UndoByHand = { readonly thing?: string; readonly steps: readonly string[] };

/** How a person undoes what a call changed. Parameters by their names in CloudTrail's records. */
export function undoByHand(event: AccessEvent): UndoByHand {
  const { eventSource, eventName, region, record } = event;
  const request = isJsonObject(record.requestParameters) ? record.requestParameters : {};
  const word = (key: string, standIn: string): string => commandWord(textAt(request, key), standIn);
  const there = `--region ${commandWord(region, 'REGION')}`;
  const about = (thing: string | undefined, steps: readonly string[]): UndoByHand => ({
    ...(thing === undefined ? {} : { thing }),
    steps,
  });
  switch (`${eventSource}/${eventName}`) {
    case 'cloudtrail.amazonaws.com/PutEventSelectors':
      return about(textAt(request, 'trailName'), [
        `See what the trail still records: aws cloudtrail get-event-selectors --trail-name ${word('trailName', 'TRAIL')} ${there}`,
        'What it recorded before is not in the record: put it back from your own template, with "aws cloudtrail put-event-selectors".',
      ]);
    case 'cloudtrail.amazonaws.com/UpdateTrail':
    case 'cloudtrail.amazonaws.com/DeleteTrail':
      return about(textAt(request, 'name'), [
        `See what is left of the trail: aws cloudtrail describe-trails --trail-name-list ${word('name', 'TRAIL')} ${there}`,
        'How it was before is not in the record: deploy it again from your own template.',
      ]);
    case 'iam.amazonaws.com/UpdateAssumeRolePolicy':
      return about(textAt(request, 'roleName'), [
        `See whom the role trusts now: aws iam get-role --role-name ${word('roleName', 'ROLE')}`,
        `Find what it trusted before in the calls about it: ${lookUp('ResourceName', textAt(request, 'roleName'), 'ROLE')}`,
        `Put that back from your own template: aws iam update-assume-role-policy --role-name ${word('roleName', 'ROLE')} --policy-document file://trust.json`,
      ]);
    case 'iam.amazonaws.com/AttachGroupPolicy':
      return about(textAt(request, 'groupName'), [
        `Detach it: aws iam detach-group-policy --group-name ${word('groupName', 'GROUP')} --policy-arn ${word('policyArn', 'POLICY-ARN')}`,
      ]);
    case 'iam.amazonaws.com/PutGroupPolicy':
      return about(textAt(request, 'groupName'), [
        `Look at it first: aws iam get-group-policy --group-name ${word('groupName', 'GROUP')} --policy-name ${word('policyName', 'POLICY')}`,
        `Delete it: aws iam delete-group-policy --group-name ${word('groupName', 'GROUP')} --policy-name ${word('policyName', 'POLICY')}`,
      ]);
    case 'iam.amazonaws.com/AddUserToGroup':
      return about(textAt(request, 'groupName'), [
        `Take the user out again: aws iam remove-user-from-group --group-name ${word('groupName', 'GROUP')} --user-name ${word('userName', 'USER')}`,
      ]);
    default:
      return { steps: [] };
  }
}
