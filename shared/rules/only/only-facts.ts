import type { AccessEvent } from '../../access/access-event.ts';
import { decodeRecord } from '../../cloudtrail/decode-record.ts';
import type { JsonObject } from '../../json.ts';
import { type Deed, deedOf } from '../../schedules/deed.ts';
import type { ResourceReader } from '../engines/engine.ts';

/** A record, decoded when the first `only` asks for it: most records meet no rule that has one. */
export type OnlyFacts = {
  readonly record: JsonObject;
  /** Throws a TypeError that says what the record lacks. */
  readonly event: () => AccessEvent;
  readonly deed: () => Deed;
};

export function createOnlyFacts(record: JsonObject, resourcesOf: ResourceReader = () => []): OnlyFacts {
  let event: AccessEvent | undefined;
  let deed: Deed | undefined;
  const decoded = (): AccessEvent => {
    if (event === undefined) {
      const reading = decodeRecord(record);
      if (reading.kind === 'undecodable') throw new TypeError(`\`only\` cannot be judged: ${reading.reason}`);
      event = reading.event;
    }
    return event;
  };
  return {
    record,
    event: decoded,
    deed: () => {
      deed ??= deedOf(decoded(), resourcesOf(decoded()));
      return deed;
    },
  };
}
