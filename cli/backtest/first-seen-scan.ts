import { decodeRecord } from '../../shared/cloudtrail/decode-record.ts';
import type { RecordScope } from '../../shared/config/policy.ts';
import type { JsonObject } from '../../shared/json.ts';
import { keysToNote } from '../../shared/rules/first-seen/keys-to-note.ts';
import type { Run, Sighting } from '../../shared/rules/first-seen/sighting.ts';
import { createSightings } from '../../shared/rules/first-seen/sightings.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';

/** What a record's services and rules that ask what was seen first make of a file. */
export type FirstSeenScan = {
  /** Notes what a record brought together, if its service is recorded. */
  readonly note: (record: JsonObject) => void;
  /** Notes keys themselves: of an event that a rule asks about, wherever it is from. */
  readonly noteKeys: (keys: readonly string[], sighting: Sighting) => void;
  /** Could this event be the first with one of these keys, as far as this file knows? */
  readonly mayBeFirst: (keys: readonly string[], own: Sighting) => boolean;
  readonly runs: () => readonly (readonly [string, readonly Run[]])[];
};

/** Undefined where no rule asks, so that no record pays for it. */
export function createFirstSeenScan(
  rules: readonly CompiledRule[],
  scope: Pick<RecordScope, 'services'>,
): (() => FirstSeenScan) | undefined {
  if (!rules.some(({ only }) => only?.firstSeen !== undefined)) return undefined;
  const keysOf = keysToNote(rules);
  const services = new Set(scope.services);
  return () => {
    const sightings = createSightings();
    const noteKeys = (keys: readonly string[], sighting: Sighting): void => {
      for (const key of keys) sightings.note(key, sighting);
    };
    return {
      noteKeys,
      note: (record) => {
        if (typeof record.eventSource !== 'string' || !services.has(record.eventSource)) return;
        const decoded = decodeRecord(record);
        if (decoded.kind === 'undecodable') return;
        const { eventId, eventTime } = decoded.event;
        noteKeys(keysOf(decoded.event), { time: Date.parse(eventTime), eventId });
      },
      mayBeFirst: (keys, own) => keys.some((key) => sightings.isFirst(key, own)),
      runs: () => [...sightings.runs()],
    };
  };
}
