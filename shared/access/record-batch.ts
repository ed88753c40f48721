import { decodeRecord } from '../cloudtrail/decode-record.ts';
import { readEnvelope } from '../cloudtrail/read-envelope.ts';
import type { AccessStore } from '../ports/access-store.ts';
import { type AccessEntry, entriesOf, groupEntries } from './access-entry.ts';
import type { AccessEvent } from './access-event.ts';
import { issuedSession } from './issued-session.ts';

export type Message = { readonly id: string; readonly body: string };

export type RecordDeps = {
  /** The account whose records are believed. */
  readonly account: string;
  readonly isRecorded: (event: AccessEvent) => boolean;
  /** Rescind's own calls are not recorded: where they are themselves calls to a recorded service, there would be no end. */
  readonly isOwn: (event: AccessEvent) => boolean;
  readonly store: AccessStore;
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
 * be kept comes again, and those beside it in the batch do not.
 */
export async function recordBatch(deps: RecordDeps, messages: readonly Message[]): Promise<Recorded> {
  const failed = new Map<string, unknown>();
  const messagesOf = new Map<AccessEntry, string>();
  let left = 0;
  let parked = 0;
  const sessions: Promise<void>[] = [];
  const parkings: Promise<void>[] = [];
  for (const { id, body } of messages) {
    const fail = (error: unknown): void => void failed.set(id, error);
    const read = readMessage(deps, body);
    if (read.kind === 'parked') {
      parked += 1;
      parkings.push(deps.park(read.event, read.reason).catch(fail));
    } else if (deps.isOwn(read.event) || !deps.isRecorded(read.event)) {
      left += 1;
    } else {
      const session = issuedSession(read.event);
      if (session !== undefined) sessions.push(deps.store.addSession(session).catch(fail));
      for (const entry of entriesOf(read.event)) messagesOf.set(entry, id);
    }
  }
  const kept = await inTurns(groupEntries([...messagesOf.keys()]), GROUPS_AT_ONCE, async (group) => {
    try {
      return await deps.store.add(group);
    } catch (error) {
      for (const entry of group) failed.set(messagesOf.get(entry) ?? '', error);
      return { added: 0, known: 0 };
    }
  });
  await Promise.all([...sessions, ...parkings]);
  return {
    failed: [...failed].map(([id, error]) => ({ id, error })),
    added: kept.reduce((sum, { added }) => sum + added, 0),
    known: kept.reduce((sum, { known }) => sum + known, 0),
    left,
    parked,
  };
}

/** Each is a read and a transaction; the SDK keeps 50 connections. */
const GROUPS_AT_ONCE = 16;

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

/** All of them, at most so many under way. */
async function inTurns<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) answers.push(await act(item));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return answers;
}
