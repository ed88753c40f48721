import { leftToPerson } from '../../cases/beyond/resource-change-steps.ts';
import { isJsonObject } from '../../json.ts';
import type { Action, Change, StepState, Undo } from '../action.ts';
import { grantsOn, readOn, whyUnread } from '../read-on.ts';
import { resourceLabel } from '../resource.ts';
import type { LiveState } from '../snapshot.ts';

/**
 * Starts the trail that a detected call stopped. Asked for also where it is seen to log: a read may lag behind the call, and
 * starting what runs changes nothing. What it did not record meanwhile is lost.
 */
export const revertTrail: Action = {
  id: 'revert-trail',
  title: 'Start the trail that was just stopped',
  stage: 'revert',
  requires: [
    { phase: 'apply', actions: ['cloudtrail:StartLogging'], on: 'trail' },
    { phase: 'undo', actions: ['cloudtrail:StopLogging'], on: 'trail' },
  ],
  inlineNames: () => [],
  plan: (snapshot, context) =>
    grantsOn(snapshot, context, 'trail-stopped')
      .slice(0, 1)
      .flatMap(({ resource }) => {
        const read = readOn(snapshot, resource, 'trail');
        if (read?.kind !== 'read' || read.value === undefined) return [];
        const target = resourceLabel(resource);
        return [
          {
            key: `revert-trail#${resource.arn}`,
            actionId: 'revert-trail',
            target,
            title: `start ${target} again, which a detected call stopped`,
            call: { service: 'cloudtrail', operation: 'StartLogging', input: { Name: resource.arn }, on: resource },
            prior: { logging: read.value.isLogging },
            fallbacks: [],
            stage: 'revert',
          },
        ];
      }),
  shortfalls: (snapshot, context) =>
    grantsOn(snapshot, context, 'trail-stopped')
      .slice(0, 1)
      .flatMap((grant) => {
        const why = whyUnread(readOn(snapshot, grant.resource, 'trail'));
        return why === undefined ? [] : [leftToPerson(grant, why)];
      }),
  state: trailState,
  undo: undoTrail,
};

function trailState({ call }: Change, live: LiveState): StepState {
  const read = call.service === 'iam' ? undefined : readOn(live, call.on, 'trail');
  if (read?.kind !== 'read' || read.value === undefined) return 'unknown';
  return read.value.isLogging ? 'holds' : 'undone';
}

function undoTrail({ call, prior }: Change, live: LiveState): Undo {
  if (call.service !== 'cloudtrail') throw new TypeError(`${call.operation} starts no trail`);
  const read = readOn(live, call.on, 'trail');
  if (read?.kind !== 'read' || read.value === undefined) {
    return { kind: 'unknown', detail: `${resourceLabel(call.on)} could not be read` };
  }
  const before = isJsonObject(prior) ? prior.logging : undefined;
  if (typeof before !== 'boolean') throw new TypeError('The prior value has no logging');
  if (read.value.isLogging === before) return { kind: 'already' };
  return before
    ? { kind: 'conflict', detail: `${resourceLabel(call.on)} was stopped meanwhile` }
    : { kind: 'call', call: { ...call, operation: 'StopLogging' } };
}
