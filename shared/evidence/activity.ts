import { type AccessEntry, entriesOf } from '../access/access-entry.ts';
import type { AccessEvent } from '../access/access-event.ts';
import { collectAccesses } from '../access/collect-accesses.ts';
import { decodeRecord } from '../cloudtrail/decode-record.ts';
import type { JsonObject } from '../json.ts';
import type { AccessReader, DayAsked } from '../ports/access-reader.ts';
import type { LookupKey, Trail } from '../ports/trail-history.ts';
import type { Source, SourceName } from './evidence.ts';
import type { Trace } from './trace.ts';

/** One event of the subject. Everything in it but the instant is text from a record. */
export type ActivityEvent = {
  readonly eventId: string;
  readonly at: string;
  readonly foundIn: readonly SourceName[];
  /** One for each resource that it touched; the first alone where the record was too long to be kept. */
  readonly accesses: readonly AccessEntry[];
  /** As CloudTrail tells it, unless it is too long; the access record keeps no whole records. */
  readonly record?: JsonObject;
};

export type Activity = { readonly events: readonly ActivityEvent[]; readonly sources: readonly Source[] };

export type ActivityDeps = {
  readonly accesses: Pick<AccessReader, 'accessesBy' | 'accessesTo'>;
  /** One for each region that is asked. */
  readonly trails: readonly Trail[];
};

export type ActivityAsked = {
  readonly trace: Trace;
  readonly from: Date;
  readonly to: Date;
  /** Keys that the detections of the case name: what is asked of CloudTrail where the subject has no name there. */
  readonly accessKeyIds: readonly string[];
  /** Why CloudTrail is not asked at all. */
  readonly notLookedUp?: string;
};

/** So many fit into a page that a browser opens, and into the memory of a function. */
export const MOST_ACCESSES = 5_000;
/** Of a region, 50 events each, two a second: twenty seconds of what the whole account may ask there. */
export const MOST_PAGES = 40;
/** Of all regions together: 6,000 events fit into the memory of the function, with all that is made of them. */
const PAGES_IN_ALL = 120;
/**
 * A record may be a quarter of a megabyte, and its subject decides how many such there are: those would fill the memory of
 * the function, and nothing at all would be kept. 6,000 of usual length and so much of longer ones fit into it eight times,
 * which is what reading, writing and sending them takes.
 */
const USUAL_LETTERS = 8_000;
const LETTERS_OF_LONGER = 20_000_000;
/** Sessions of a role that CloudTrail is asked about, the newest. */
const MOST_KEYS = 5;

/** What the subject did: from the access record, and from CloudTrail what that does not keep. What is cut is said. */
export async function collectActivity(deps: ActivityDeps, asked: ActivityAsked): Promise<Activity> {
  const recorded = await fromRecord(deps, asked);
  const looked = await fromHistory(deps, asked, recorded.entries);
  const events = new Map<string, ActivityEvent>();
  for (const entry of recorded.entries) {
    const { eventId, at } = entry;
    const accesses = [...(events.get(eventId)?.accesses ?? []), entry];
    events.set(eventId, { eventId, at, foundIn: ['access record'], accesses });
  }
  const known = events.size;
  for (const { eventId, eventTime, entries, record } of looked.found.values()) {
    const before = events.get(eventId);
    const at = before?.at ?? new Date(eventTime).toISOString();
    const foundIn: readonly SourceName[] = before === undefined ? ['CloudTrail'] : [...before.foundIn, 'CloudTrail'];
    const accesses = before?.accesses ?? entries;
    events.set(eventId, { eventId, at, foundIn, accesses, ...(record === undefined ? {} : { record }) });
  }
  return {
    events: [...events.values()].sort((a, b) => a.at.localeCompare(b.at) || a.eventId.localeCompare(b.eventId)),
    sources: [
      { name: 'access record', events: known, lacks: recorded.lacks },
      { name: 'CloudTrail', events: looked.found.size, lacks: looked.lacks },
    ],
  };
}

async function fromRecord({ accesses }: ActivityDeps, { trace: { recorded }, from, to }: ActivityAsked) {
  let isCut = false;
  const ask = async (asked: DayAsked): Promise<readonly AccessEntry[]> => {
    if (recorded.kind === 'resource') return accesses.accessesTo(recorded.arn, asked);
    const found = await accesses.accessesBy(recorded.key, asked);
    const { sessionName } = recorded;
    if (sessionName === undefined) return found;
    // The others of the role count towards the limit of what was read, so there may be more behind them.
    if (found.length >= asked.limit) isCut = true;
    return found.filter(({ who }) => who.endsWith(`/${sessionName}`));
  };
  const { accesses: entries, more } = await collectAccesses(ask, { since: from, now: to, limit: MOST_ACCESSES });
  const lacks = ['it keeps only what `record` in rescind.yaml covers, some seconds after CloudTrail delivered it'];
  if (more || isCut) lacks.push(`only the newest ${MOST_ACCESSES} accesses were read`);
  return { entries, lacks };
}

type Found = Pick<AccessEvent, 'eventId' | 'eventTime'> & {
  readonly entries: readonly AccessEntry[];
  readonly record?: JsonObject;
};

type Looked = { readonly found: ReadonlyMap<string, Found>; readonly lacks: readonly string[] };

/** Each region by itself, all at once: the limit of lookups is one of each. */
async function fromHistory(
  { trails }: ActivityDeps,
  asked: ActivityAsked,
  recorded: readonly AccessEntry[],
): Promise<Looked> {
  if (asked.notLookedUp !== undefined) return { found: new Map(), lacks: [asked.notLookedUp] };
  const keys = lookupKeys(asked, recorded);
  const mostPages = Math.min(MOST_PAGES, Math.floor(PAGES_IN_ALL / trails.length));
  const limits = { keys: keys.asked, mostPages, keep: roomFor(LETTERS_OF_LONGER) };
  const looked = await Promise.all(trails.map((trail) => lookThrough(trail, asked, limits)));
  const regions = trails.map(({ region }) => region).join(', ');
  return {
    found: new Map(looked.flatMap(({ found }) => [...found])),
    lacks: [
      `it tells management events, those of the last minutes late, of these regions: ${regions}; no other was asked`,
      ...keys.lacks,
      ...looked.flatMap(({ lacks }) => lacks),
    ],
  };
}

async function lookThrough(
  { region, history }: Trail,
  { trace, from, to }: ActivityAsked,
  {
    keys,
    mostPages,
    keep,
  }: { readonly keys: readonly LookupKey[]; readonly mostPages: number; readonly keep: (event: AccessEvent) => Found },
): Promise<Looked> {
  const found = new Map<string, Found>();
  const lacks: string[] = [];
  let pages = 0;
  let unread = 0;
  try {
    for (const by of keys) {
      for await (const { records, unreadable } of history.pages({ from, to, by })) {
        pages += 1;
        unread += unreadable;
        for (const record of records) {
          const decoded = decodeRecord(record);
          if (decoded.kind === 'undecodable') unread += 1;
          else if (trace.isTheirs(decoded.event)) {
            const { eventId } = decoded.event;
            if (!found.has(eventId)) found.set(eventId, keep(decoded.event));
          }
        }
        if (pages === mostPages) break;
      }
      if (pages === mostPages) {
        lacks.push(`${region} was asked for ${mostPages} pages of 50 events, the newest first, and may have more`);
        break;
      }
    }
  } catch (error) {
    // What was found stays found: evidence that says what it lacks is better than none.
    lacks.push(`${region} could not be asked to the end: ${error instanceof Error ? error.name : 'unknown fault'}`);
  }
  if (unread > 0) lacks.push(`${unread} records of ${region} could not be read`);
  const long = [...found.values()].filter(({ record }) => record === undefined).length;
  if (long > 0)
    lacks.push(`${long} records of ${region} are too long to be kept here: look them up by their event ids`);
  return { found, lacks };
}

/** What is kept of an event: of one that is too long, its first resource and how many more there are. */
function roomFor(letters: number): (event: AccessEvent) => Found {
  let room = letters;
  return (event) => {
    const { eventId, eventTime, record } = event;
    const entries = entriesOf(event);
    const taken = JSON.stringify([record, entries]).length;
    if (taken <= USUAL_LETTERS) return { eventId, eventTime, entries, record };
    if (taken <= room) {
      room -= taken;
      return { eventId, eventTime, entries, record };
    }
    const [first, ...more] = entries;
    const leftOut = more.length + (first?.leftOut ?? 0);
    const shown = first === undefined ? [] : [{ ...first, ...(leftOut === 0 ? {} : { leftOut }) }];
    return { eventId, eventTime, entries: shown };
  };
}

/** By the subject's name where CloudTrail has one, else by the keys of its sessions, which both records tell. */
function lookupKeys({ trace, accessKeyIds }: ActivityAsked, recorded: readonly AccessEntry[]) {
  if (trace.named !== undefined) return { asked: [trace.named], lacks: [] };
  const sessions = recorded.flatMap(({ session = '' }) => (/^A[A-Z]IA/.test(session) ? [session] : []));
  const all = [...new Set([...accessKeyIds, ...sessions])];
  const asked = all.slice(0, MOST_KEYS).map((value): LookupKey => ({ key: 'AccessKeyId', value }));
  const lacks = ['it does not find this subject by name, so it was asked by access keys that were seen in use'];
  if (all.length === 0) lacks.push('no key was seen in use, so it was not asked');
  if (all.length > MOST_KEYS) lacks.push(`${all.length - MOST_KEYS} more keys were seen and not asked about`);
  return { asked, lacks };
}
