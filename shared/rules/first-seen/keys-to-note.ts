import type { AccessEvent } from '../../access/access-event.ts';
import { resourcesOf } from '../../access/resources-of.ts';
import type { FirstSeenPart } from '../only/only.ts';
import type { CompiledRule } from '../rule.ts';
import { firstSeenKeys } from './first-seen-keys.ts';

/** All keys under which an event has to be noted, so that the first-seen rules among these find it again. */
export function keysToNote(rules: readonly CompiledRule[]): (event: AccessEvent) => readonly string[] {
  const asked = new Map(rules.flatMap(({ only }) => (only?.firstSeen === undefined ? [] : [partsOf(only.firstSeen)])));
  const all = [...asked.values()];
  return (event) => {
    if (all.length === 0) return [];
    const resources = resourcesOf(event).map(({ arn }) => arn);
    return [...new Set(all.flatMap((parts) => firstSeenKeys(parts, event, resources)))];
  };
}

function partsOf(parts: readonly FirstSeenPart[]): readonly [string, readonly FirstSeenPart[]] {
  return [parts.join(' '), parts];
}
