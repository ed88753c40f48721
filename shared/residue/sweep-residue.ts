import type { AccessEntry } from '../access/access-entry.ts';
import type { AccessEvent } from '../access/access-event.ts';
import { lookUp } from '../cases/beyond/command-word.ts';
import type { Case, Detection } from '../cases/case.ts';
import { storable } from '../cases/storable.ts';
import type { PrincipalSubject } from '../cases/subject.ts';
import { decodeRecord } from '../cloudtrail/decode-record.ts';
import type { AccessReader } from '../ports/access-reader.ts';
import type { Clock } from '../ports/clock.ts';
import type { IamReads } from '../ports/iam.ts';
import { NotLoadedError } from '../ports/not-loaded.ts';
import type { LookupAsked, Trail } from '../ports/trail-history.ts';
import type { Found } from './deed.ts';
import { followLeads } from './follow-leads.ts';
import { helpIn, helpOf } from './help.ts';
import { keyOf, leadsOf } from './lead.ts';
import { liveState } from './live-state.ts';
import type { Residue, ResidueItem, ResidueState } from './residue.ts';

export type SweepDeps = {
  /** One for each region that is asked. */
  readonly trails: readonly Trail[];
  readonly iam: IamReads;
  /** Where the record lane keeps what it covers. */
  readonly accesses?: Pick<AccessReader, 'accessesBy' | 'accessesTo'>;
  readonly clock: Pick<Clock, 'now'>;
};

/** Long before the first detection something was made that outlives the containment. */
const BEFORE_MS = 24 * 3600 * 1000;
/** CloudTrail forgets after 90 days. */
const KEPT_MS = 90 * 24 * 3600 * 1000;
/** Two a second: so many take eight seconds of a function that has sixty. */
const PAGES_OF_A_REGION = 16;
/** Of changes on the subject itself, which a flood of its own doings must not hide. */
const PAGES_OF_HELP = 4;
const DAYS_OF_ACCESSES = 3;
const ACCESSES_OF_A_DAY = 200;
const MOST_HELP = 10;

/**
 * Looks back for what the subject, and whoever it made or became, left behind since a day before the first detection. It
 * changes nothing, and a fault of AWS is a sentence among the limits: what it cannot see, the containment does not wait for.
 * One of the deployment is thrown, for nobody would mend it.
 */
export async function sweepResidue(
  deps: SweepDeps,
  of: Pick<Case, 'openedAt' | 'planVersion'> & { readonly subject: PrincipalSubject },
  detections: readonly Detection[],
): Promise<Residue> {
  const to = deps.clock.now();
  const first = Math.min(Date.parse(of.openedAt), ...detections.map(({ eventTime }) => Date.parse(eventTime)));
  const from = new Date(Math.max(to.getTime() - KEPT_MS, first - BEFORE_MS));
  const search = followLeads(leadsOf(of.subject, detections));
  const limits: string[] = [];

  const pages = new Map(deps.trails.map(({ region }) => [region, 0]));
  const asked = new Set(deps.trails);
  for (let lead = search.next(); lead !== undefined; lead = search.next()) {
    const current = lead;
    await Promise.all(
      [...asked].map(async (trail) => {
        const problem = await lookThrough(
          trail,
          { from, to, by: keyOf(current) },
          { most: PAGES_OF_A_REGION, pages, tell: (events) => search.tell(current, events) },
        );
        if (problem === undefined) return;
        asked.delete(trail);
        limits.push(problem);
      }),
    );
  }

  const help = await helpFrom(deps.trails, of, to);
  const things = [...search.things(), ...help.found];
  const fromTable = await tableItems(deps, of.subject, {
    from,
    to,
    known: new Set(things.map(({ eventId }) => eventId)),
    openedAt: of.openedAt,
  });
  const items = await Promise.all(things.map((thing) => itemOf(deps.iam, of.subject, thing, limits)));
  const left = search.leftOut();
  return {
    planVersion: of.planVersion,
    from: from.toISOString(),
    to: to.toISOString(),
    items: [...items, ...fromTable.items],
    limits: [
      ...new Set([
        ...limits,
        ...help.limits,
        ...fromTable.limits,
        ...(left.leads > 0 ? [`${left.leads} more that were made or assumed were not looked through`] : []),
        ...(left.things > 0 ? [`${left.things} more things were found than are told`] : []),
        `CloudTrail tells management events of ${deps.trails.map(({ region }) => region).join(' and ')} only, up to 15 minutes late`,
      ]),
    ],
  };
}

/** Who changed the subject since its case was opened, and is not it: each once for each kind of change. */
async function helpFrom(
  trails: readonly Trail[],
  { subject, openedAt }: Pick<Case, 'openedAt'> & { readonly subject: PrincipalSubject },
  to: Date,
): Promise<{ readonly found: readonly Found[]; readonly limits: readonly string[] }> {
  const found = new Map<string, Found>();
  const leftOut = new Set<string>();
  const tell = (events: readonly AccessEvent[]): void => {
    for (const event of events) {
      const help = helpOf(subject, openedAt, event);
      if (help === undefined || found.has(help.key)) continue;
      if (found.size < MOST_HELP) found.set(help.key, help);
      else leftOut.add(help.key);
    }
  };
  // CloudTrail knows users and roles by their names in calls that change them.
  const asked: LookupAsked = {
    from: new Date(openedAt),
    to,
    by: { key: 'ResourceName', value: nameOf(subject) },
  };
  const problems = await Promise.all(
    trails.map((trail) => lookThrough(trail, asked, { most: PAGES_OF_HELP, pages: new Map(), tell })),
  );
  const more =
    leftOut.size > 0 ? [`${leftOut.size} more changes of the subject by others were found than are told`] : [];
  return { found: [...found.values()], limits: [...problems.flatMap((one) => one ?? []), ...more] };
}

type Look = {
  readonly most: number;
  /** By region. */
  readonly pages: Map<string, number>;
  tell(events: readonly AccessEvent[]): void;
};

/** Every page of one question. A sentence where it did not come to the end. */
async function lookThrough(
  { region, history }: Trail,
  question: LookupAsked,
  { most, pages, tell }: Look,
): Promise<string | undefined> {
  try {
    let asked = pages.get(region) ?? 0;
    if (asked >= most) return tooMany(region, asked);
    for await (const { records, unreadable } of history.pages(question)) {
      asked += 1;
      pages.set(region, asked);
      tell(records.map(decodeRecord).flatMap((one) => (one.kind === 'decoded' ? [one.event] : [])));
      if (unreadable > 0) return `${unreadable} events of CloudTrail in ${region} could not be read`;
      if (asked >= most && records.length > 0) return tooMany(region, asked);
    }
    return undefined;
  } catch (error) {
    if (error instanceof NotLoadedError) throw error;
    return `CloudTrail of ${region} could not be asked: ${faultText(error)}`;
  }
}

/** Whether a page more would have been empty, only the page would tell. */
function tooMany(region: string, pages: number): string {
  return `CloudTrail of ${region} was asked for ${pages} pages; there may be more`;
}

async function itemOf(
  iam: IamReads,
  subject: PrincipalSubject,
  { key: _key, on, check, ...thing }: Found,
  limits: string[],
): Promise<ResidueItem> {
  const own = on !== undefined && on.kind === subject.kind && on.name === nameOf(subject);
  let state: ResidueState = 'unknown';
  try {
    state = await liveState(iam, check);
  } catch (error) {
    limits.push(`some things could not be read: ${faultText(error)}`);
  }
  return { ...thing, state, ...(own ? { own: true } : {}) };
}

/** What the record lane kept of such calls and CloudTrail did not tell, or not yet: without their details. */
async function tableItems(
  { accesses }: SweepDeps,
  subject: PrincipalSubject,
  {
    from,
    to,
    known,
    openedAt,
  }: { readonly from: Date; readonly to: Date; readonly known: ReadonlySet<string>; readonly openedAt: string },
): Promise<{ readonly items: readonly ResidueItem[]; readonly limits: readonly string[] }> {
  if (accesses === undefined) return { items: [], limits: [] };
  const principal = subject.kind === 'user' ? `user:${subject.userId}` : `role:${subject.roleId}`;
  const days = daysBack(from, to);
  try {
    const asked = (day: string, since: string) => ({ day, since, limit: ACCESSES_OF_A_DAY });
    const [found, onIt] = await Promise.all([
      Promise.all(days.map((day) => accesses.accessesBy(principal, asked(day, from.toISOString())))),
      Promise.all(days.map((day) => accesses.accessesTo(subject.arn, asked(day, openedAt)))),
    ]);
    const help = onIt
      .flat()
      .filter(({ eventId }) => !known.has(eventId))
      .flatMap((entry) => helpIn(subject, openedAt, entry) ?? []);
    const made = found
      .flat()
      .filter((entry) => MAKING.has(entry.action) && entry.result === 'success' && !known.has(entry.eventId))
      .filter(({ who }) => subject.kind !== 'session' || who === `${subject.roleName}/${subject.sessionName}`);
    const byEvent = new Map(made.map((entry) => [`${entry.eventId} ${entry.resource?.arn}`, entry]));
    const full = [...found, ...onIt].some((some) => some.length >= ACCESSES_OF_A_DAY);
    return {
      items: [...[...byEvent.values()].map(itemOfEntry), ...help.map((one) => ({ ...one, state: 'unknown' as const }))],
      limits: full
        ? [`more than ${ACCESSES_OF_A_DAY} accesses of a day are kept; the older ones were not looked at`]
        : [],
    };
  } catch (error) {
    return { items: [], limits: [`the access table could not be read: ${faultText(error)}`] };
  }
}

/** Calls that make what outlives a session, by what the access table keeps: their names. */
const MAKING: ReadonlySet<string> = new Set([
  'CreateUser',
  'CreateRole',
  'CreateAccessKey',
  'CreateLoginProfile',
  'UpdateAssumeRolePolicy',
  'AttachUserPolicy',
  'AttachRolePolicy',
  'AttachGroupPolicy',
  'PutUserPolicy',
  'PutRolePolicy',
  'PutGroupPolicy',
  'AddUserToGroup',
  'CreatePolicy',
  'CreatePolicyVersion',
  'SetDefaultPolicyVersion',
  'CreateOpenIDConnectProvider',
  'CreateSAMLProvider',
  'CreateFunctionUrlConfig',
]);

function itemOfEntry({ action, resource, who, at, eventId }: AccessEntry): ResidueItem {
  const made = action === 'CreateUser' || action === 'CreateRole';
  const arn = resource?.arn ?? '';
  const principal = /^arn:[\w-]+:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/.test(arn);
  return {
    what: storable(`${action}${resource === undefined ? '' : ` on ${resource.arn}`}`, 300),
    by: who,
    at,
    eventId,
    state: 'unknown',
    contain: made && principal ? `npx rescind contain ${arn} --enforce` : lookUp('EventId', eventId, 'EVENT-ID'),
  };
}

function daysBack(from: Date, to: Date): readonly string[] {
  const day = 24 * 3600 * 1000;
  return Array.from({ length: DAYS_OF_ACCESSES }, (_, back) => new Date(to.getTime() - back * day))
    .map((at) => at.toISOString().slice(0, 10))
    .filter((text) => text >= from.toISOString().slice(0, 10));
}

function nameOf(subject: PrincipalSubject): string {
  return subject.kind === 'user' ? subject.userName : subject.roleName;
}

function faultText(error: unknown): string {
  return error instanceof Error ? storable(`${error.name}: ${error.message}`, 200) : 'an unknown fault';
}
