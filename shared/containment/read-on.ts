import type { ResourceGrant } from '../cases/case.ts';
import { assertNever } from '../json.ts';
import type { PlanContext } from './action.ts';
import type { ResourceRef, ResourceState } from './resource.ts';
import type { LiveState, PresentSnapshot, Read } from './snapshot.ts';

type StateOf<K extends ResourceState['kind']> = Extract<ResourceState, { kind: K }>;

/** What was read of a thing; `undefined`: nothing was. Throws where it is another kind of thing, which no plan of ours makes. */
export function readOn<K extends ResourceState['kind']>(
  live: LiveState | PresentSnapshot,
  { arn }: Pick<ResourceRef, 'arn'>,
  kind: K,
): Read<StateOf<K> | undefined> | undefined {
  const read = live.resources?.find((one) => one.arn === arn)?.state;
  if (read?.kind !== 'read') return read;
  const { value } = read;
  if (value === undefined) return { kind: 'read', value };
  if (!isOf(value, kind)) throw new TypeError(`${arn} is no ${kind}`);
  return { kind: 'read', value };
}

function isOf<K extends ResourceState['kind']>(state: ResourceState, kind: K): state is StateOf<K> {
  return state.kind === kind;
}

/** Why nothing is known, for people; `undefined` where it was read. */
export function whyUnread(read: Read<unknown> | undefined): string | undefined {
  switch (read?.kind) {
    case undefined:
      return 'it was not read';
    case 'failed':
      return `${read.operation} failed: ${read.error}`;
    case 'unavailable':
      return `${read.operation} is not available: ${read.reason}`;
    case 'read':
      return undefined;
    default:
      return assertNever(read);
  }
}

/** What the detected calls of the case changed on the very thing that was read, by the kind of change. */
export function grantsOn<K extends ResourceGrant['kind']>(
  snapshot: PresentSnapshot,
  { granted = [] }: Pick<PlanContext, 'granted'>,
  kind: K,
): readonly Extract<ResourceGrant, { kind: K }>[] {
  if (snapshot.kind !== 'resource') return [];
  return granted.filter(
    (grant): grant is Extract<ResourceGrant, { kind: K }> => grant.kind === kind && grant.resource.arn === snapshot.arn,
  );
}
