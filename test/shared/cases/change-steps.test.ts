import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { undoByHand } from '../../../shared/cases/beyond/change-steps.ts';
import { selectorFor, subjectOf } from '../../../shared/cases/subject-of.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { accessEvent } from '../../support/case-scene.ts';

const lookup = { getUser: async () => undefined, getRole: async () => undefined };

function change(
  eventSource: string,
  eventName: string,
  requestParameters: JsonObject,
  responseElements: JsonObject = {},
) {
  return accessEvent({
    eventSource: `${eventSource}.amazonaws.com`,
    eventName,
    region: 'eu-west-1',
    record: { requestParameters, responseElements },
  });
}

describe('a change that Rescind does not undo itself', () => {
  test.each([
    [
      'cloudtrail',
      'PutEventSelectors',
      { trailName: 'main' },
      {},
      'aws cloudtrail get-event-selectors --trail-name main --region eu-west-1',
    ],
    [
      'cloudtrail',
      'DeleteTrail',
      { name: 'main' },
      {},
      'aws cloudtrail describe-trails --trail-name-list main --region eu-west-1',
    ],
    ['iam', 'UpdateAssumeRolePolicy', { roleName: 'deploy' }, {}, 'aws iam get-role --role-name deploy'],
    [
      'iam',
      'AttachGroupPolicy',
      { groupName: 'ops', policyArn: 'arn:aws:iam::aws:policy/IAMFullAccess' },
      {},
      'aws iam detach-group-policy --group-name ops --policy-arn arn:aws:iam::aws:policy/IAMFullAccess',
    ],
    ['iam', 'AddUserToGroup', { groupName: 'ops', userName: 'eve' }, {}, '--group-name ops --user-name eve'],
  ])('%s %s comes with the command for a person', async (service, eventName, request, response, command) => {
    const event = change(service, eventName, request, response);
    const subject = await subjectOf(event, selectorFor('revert', 'actor'), lookup);
    if (subject.kind !== 'beyond') throw new TypeError(`${subject.key} is no change for a person`);
    expect(subject.humanSteps.join('\n')).toContain(command);
    expect(subject.why).toBe(`Rescind does not know how to undo ${service}.amazonaws.com/${eventName}.`);
  });

  test('of two things makes two cases, and of one thing one', async () => {
    const keyOf = async (name: string) =>
      (await subjectOf(change('cloudtrail', 'DeleteTrail', { name }), 'changed', lookup)).key;
    expect(await keyOf('main')).toBe('change:cloudtrail.amazonaws.com/DeleteTrail of main');
    expect(await keyOf('main')).not.toBe(await keyOf('other'));
  });

  test('brings no text of the record into a command that a shell would read as more than a name', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(
          ['cloudtrail', 'DeleteTrail', 'name'],
          ['cloudtrail', 'PutEventSelectors', 'trailName'],
          ['iam', 'UpdateAssumeRolePolicy', 'roleName'],
          ['iam', 'PutGroupPolicy', 'policyName'],
        ),
        fc.string().map((text) => `x;$(${text}) \`rm\``),
        ([service = '', eventName = '', key = ''], text) => {
          for (const step of undoByHand(change(service, eventName, { [key]: text })).steps)
            expect(step).not.toContain(text);
        },
      ),
    ));
});
