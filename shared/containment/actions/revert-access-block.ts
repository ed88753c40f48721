import { leftToPerson } from '../../cases/beyond/resource-change-steps.ts';
import type { ResourceGrant } from '../../cases/case.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { type AccessBlock, ALL_BLOCKED, readAccessBlock, sameAccessBlock } from '../access-block.ts';
import type { Action, Change, PlanContext, Step, StepState, Undo } from '../action.ts';
import type { ResourceCall } from '../call.ts';
import { grantsOn, readOn, whyUnread } from '../read-on.ts';
import { type ResourceRef, resourceKindOf, resourceLabel, resourceName } from '../resource.ts';
import type { LiveState, PresentSnapshot } from '../snapshot.ts';

type Opened = Extract<ResourceGrant, { kind: 'access-block-removed' }>;
type Judged =
  | { readonly kind: 'block'; readonly grant: Opened; readonly block: AccessBlock | null }
  | { readonly kind: 'left'; readonly grant: Opened; readonly why: string };

/**
 * Blocks all public access to a bucket, or to all of an account, whose block a detected call removed or loosened. What
 * stood before is in no record: all four switches, which a new bucket has, are the safe side, and a person is told to look.
 * Whether it was blocked before at all is not known either, so this also closes what somebody had opened on purpose.
 */
export const revertAccessBlock: Action = {
  id: 'revert-access-block',
  title: 'Block the public access that was just opened',
  stage: 'revert',
  requires: [
    { phase: 'apply', actions: ['s3:PutBucketPublicAccessBlock'], on: 'bucket' },
    { phase: 'apply', actions: ['s3:PutAccountPublicAccessBlock'], on: 'account' },
    { phase: 'undo', actions: ['s3:PutBucketPublicAccessBlock'], on: 'bucket' },
    { phase: 'undo', actions: ['s3:PutAccountPublicAccessBlock'], on: 'account' },
  ],
  inlineNames: () => [],
  plan: (snapshot, context) =>
    judged(snapshot, context).flatMap((one): readonly Step[] => {
      if (one.kind === 'left') return [];
      const { resource } = one.grant;
      const target = `public access block of ${resourceLabel(resource)}`;
      return [
        {
          key: `revert-access-block#${resource.arn}`,
          actionId: 'revert-access-block',
          target,
          title: `switch all four on in the ${target}, which a detected call removed or loosened`,
          call: putBlock(resource, ALL_BLOCKED),
          prior: { block: one.block },
          fallbacks: [],
          stage: 'revert',
        },
      ];
    }),
  shortfalls: (snapshot, context) =>
    judged(snapshot, context).map(({ grant, ...one }) =>
      one.kind === 'left'
        ? leftToPerson(grant, one.why)
        : {
            item: `public access block of ${resourceLabel(grant.resource)}`,
            reason:
              'which of its four switches were on before, if any, is not in the record: all are on now. Switch off by hand what must be open',
          },
    ),
  state: ({ call }, live) => {
    const block = call.service === 'iam' ? 'unread' : blockNow(call, live);
    if (block === 'unread') return 'unknown';
    return sameAccessBlock(block, ALL_BLOCKED) ? 'holds' : ('undone' satisfies StepState);
  },
  undo: undoBlock,
};

/** As the last of the calls left it, or blocked whole already, which a read that lags may say as well. */
function judged(snapshot: PresentSnapshot, context: PlanContext): readonly Judged[] {
  const grants = grantsOn(snapshot, context, 'access-block-removed');
  const grant = grants.at(-1);
  if (grant === undefined) return [];
  const read = readOn(snapshot, grant.resource, 'access-block');
  if (read?.kind !== 'read' || read.value === undefined) {
    return [{ kind: 'left', grant, why: whyUnread(read) ?? 'it was not read' }];
  }
  const { block } = read.value;
  const asLeft = grants.some(({ left }) => sameAccessBlock(left, block));
  return asLeft || sameAccessBlock(block, ALL_BLOCKED)
    ? [{ kind: 'block', grant, block }]
    : [{ kind: 'left', grant, why: 'it is no longer as the detected call left it: somebody changed it since' }];
}

function undoBlock({ call, prior }: Change, live: LiveState): Undo {
  if (call.service !== 's3' && call.service !== 's3control') throw new TypeError(`${call.operation} blocks no access`);
  const now = blockNow(call, live);
  if (now === 'unread') return { kind: 'unknown', detail: `${resourceLabel(call.on)} could not be read` };
  const before = priorBlock(prior);
  if (sameAccessBlock(now, before)) return { kind: 'already' };
  if (!sameAccessBlock(now, ALL_BLOCKED)) {
    return { kind: 'conflict', detail: `the public access block of ${resourceLabel(call.on)} was changed meanwhile` };
  }
  return { kind: 'call', call: putBlock(call.on, before) };
}

function blockNow({ on }: ResourceCall, live: LiveState): AccessBlock | null | 'unread' {
  const read = readOn(live, on, 'access-block');
  return read?.kind === 'read' && read.value !== undefined ? read.value.block : 'unread';
}

/** `null`: takes the block away. A bucket's call names its owner, so that it meets no bucket of the same name elsewhere. */
function putBlock(on: ResourceRef, block: AccessBlock | null): ResourceCall {
  const which: JsonObject =
    resourceKindOf(on.arn) === 'account'
      ? { AccountId: on.account }
      : { Bucket: resourceName(on), ExpectedBucketOwner: on.account };
  const service = resourceKindOf(on.arn) === 'account' ? 's3control' : 's3';
  return block === null
    ? { service, operation: 'DeletePublicAccessBlock', input: which, on }
    : { service, operation: 'PutPublicAccessBlock', input: { ...which, PublicAccessBlockConfiguration: block }, on };
}

function priorBlock(prior: Json): AccessBlock | null {
  const block = isJsonObject(prior) ? prior.block : undefined;
  if (block === null) return null;
  if (!isJsonObject(block)) throw new TypeError('The prior value has no block');
  return readAccessBlock(block);
}
