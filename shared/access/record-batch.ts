import { decodeRecord } from '../cloudtrail/decode-record.ts';
import { readEnvelope } from '../cloudtrail/read-envelope.ts';
import type { AccessStore } from '../ports/access-store.ts';
import type { Sighting } from '../rules/first-seen/sighting.ts';
import { entriesOf, groupEntries } from './access-entry.ts';
import type { AccessEvent } from './access-event.ts';
import { inTurns } from './in-turns.ts';
import { type SessionFact, sessionFacts } from './session-fact.ts';

export type Message = { readonly id: string; readonly body: string };

export type RecordDeps = {
  /** The account whose records are believed. */
  readonly account: string;
  readonly isRecorded: (event: AccessEvent) => boolean;
  /** Rescind's own calls are not recorded: where they are themselves calls to a recorded service, there would be no end. */
  readonly isOwn: (event: AccessEvent) => boolean;
  readonly store: AccessStore;
  /** What first-seen rules ask for: the keys of an event, and where it is noted that they were seen. */
  readonly keysToNote: (event: AccessEvent) => readonly string[];
  readonly note: (key: string, sighting: Sighting) => Promise<void>;
  readonly park: (event: unknown, reason: string) => Promise<void>;
};

export type Recorded = {
  /** Messages that must come again, with why. */
  readonly failed: readonly { readonly id: string; readonly error: unknown }[];
  readonly added: number;
  readonly known: number;
  /** Messages that the policy does not want recorded, and Rescind's own. */
  readonly left: number;
  readonly parked: number;
};

/**
 * Records a batch. A message that cannot be read is parked with its reason and does not come again; one that could not
 * be kept whole comes again, and those beside it in the batch do not.
 */
export async function recordBatch(deps: RecordDeps, messages: readonly Message[]): Promise<Recorded> {
  const failed = new Map<string, unknown>();
  /** A fault of `work` is one of these messages. */
  const ofMessages = async <Answer>(ids: readonly string[], work: Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await work;
    } catch (error) {
      for (const id of ids) failed.set(id, error);
      return undefined;
    }
  };

  const reads = messages.map(({ id, body }) => ({ id, read: readMessage(deps, body) }));
  const parked = reads.flatMap(({ id, read }) => (read.kind === 'parked' ? [{ id, ...read }] : []));
  const wanted = reads.flatMap(({ id, read: { kind, event } }) =>
    kind === 'event' && !deps.isOwn(event) && deps.isRecorded(event) ? [{ id, event }] : [],
  );
  const messageOf = new Map(wanted.flatMap(({ id, event }) => entriesOf(event).map((entry) => [entry, id] as const)));
  const keptOf = await inTurns(groupEntries([...messageOf.keys()]), async (group) =>
    ofMessages(
      group.flatMap((entry) => messageOf.get(entry) ?? []),
      deps.store.add(group),
    ),
  );
  // Each call of a session tells the same of it.
  const tellers = new Map<string, { readonly fact: SessionFact; readonly ids: string[] }>();
  for (const { id, event } of wanted) {
    for (const fact of sessionFacts(event)) {
      const text = JSON.stringify(fact);
      const told = tellers.get(text);
      if (told === undefined) tellers.set(text, { fact, ids: [id] });
      else told.ids.push(id);
    }
  }
  await inTurns([...tellers.values()], ({ fact, ids }) => ofMessages(ids, deps.store.addSessionFact(fact)));
  await inTurns(wanted, async ({ id, event }) => {
    const sighting = { time: Date.parse(event.eventTime), eventId: event.eventId };
    for (const key of deps.keysToNote(event)) await ofMessages([id], deps.note(key, sighting));
  });
  await inTurns(parked, ({ id, event, reason }) => ofMessages([id], deps.park(event, reason)));

  const kept = keptOf.filter((one) => one !== undefined);
  return {
    failed: [...failed].map(([id, error]) => ({ id, error })),
    added: kept.reduce((sum, { added }) => sum + added, 0),
    known: kept.reduce((sum, { known }) => sum + known, 0),
    left: messages.length - parked.length - wanted.length,
    parked: parked.length,
  };
}

type Read =
  | { readonly kind: 'event'; readonly event: AccessEvent }
  | { readonly kind: 'parked'; readonly event: unknown; readonly reason: string };

function readMessage({ account }: RecordDeps, body: string): Read {
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: 'parked', event: body, reason: 'the message is no JSON' };
  }
  const envelope = readEnvelope(event, { account });
  if (envelope.kind === 'parked') return { kind: 'parked', event, reason: envelope.reason };
  const decoded = decodeRecord(envelope.record);
  if (decoded.kind === 'undecodable') return { kind: 'parked', event, reason: decoded.reason };
  return { kind: 'event', event: decoded.event };
}
