import type { CaseState } from '../../shared/cases/case.ts';
import type { JsonObject } from '../../shared/json.ts';
import { printable } from '../../shared/page/printable.ts';
import { readWholeCase, type WholeCase } from '../cases/whole-case.ts';
import type { ReceivedAlert } from '../staging/alert-receiver.ts';
import { colour } from '../terminal/colour.ts';
import { type Moment, momentOfAlert, momentOfRecord, momentsOf, shortName, sinceText } from './moments.ts';
import { wrapped } from './screen.ts';
import type { Stage } from './stage.ts';
import { waitFor } from './wait-for.ts';

/** What is there by now: the new cases and the alerts that came in. */
export type Seen = { readonly cases: readonly WholeCase[]; readonly alerts: readonly ReceivedAlert[] };

export type Dealt = Seen & { readonly found: WholeCase };

export type LiveTimeline = {
  /** For the recorder: the moment at which a record goes to the bus. */
  readonly onRecord: (record: JsonObject) => void;
  /** Shows what happens to cases opened since, as it happens, until they are as wanted. */
  until(what: string, wanted: (seen: Seen) => boolean): Promise<Seen>;
  /** The first of them, once it came to something and that was told. */
  untilDealtWith(what: string): Promise<Dealt>;
  /** The first of them, once it is in this state and that was told. */
  untilTold(what: string, state: CaseState): Promise<Dealt>;
  /** When the first record of this event went to the bus, in milliseconds. */
  readonly recordedAt: (eventName: string) => number | undefined;
};

const WITHIN_SECONDS = 90;

/** `zeroEvent`: times are counted from the record of this event. Cases that exist already are not looked at. */
export async function followFromHere(stage: Stage, zeroEvent: string): Promise<LiveTimeline> {
  const { connection, receiver, screen, logFile, longestName } = stage;
  screen.line(colour.dim(`  seconds since ${zeroEvent} was put on the bus`));
  const known = new Set((await connection.store.list()).map(({ caseId }) => caseId));
  const firstAlert = receiver.received.length;
  const records: { readonly moment: Moment; readonly eventName: string; readonly at: number }[] = [];
  const shown = new Set<string>();
  const recordedAt = (eventName: string) => records.find((each) => each.eventName === eventName)?.at;

  const look = async (): Promise<Seen> => {
    // Alerts first: whatever the case said before one was sent is then read after it.
    const recorded = [...records];
    const alerts = receiver.received.slice(firstAlert);
    const fresh = (await connection.store.list()).filter(({ caseId }) => !known.has(caseId));
    const cases = (await Promise.all(fresh.map(({ caseId }) => readWholeCase(connection.store, caseId)))).filter(
      (found) => found !== undefined,
    );
    const whoOf = (caseId: string | undefined) =>
      cases.flatMap((each) => (each.case.caseId === caseId ? [shortName(each.case.subject)] : []))[0] ?? '';
    const moments = [
      ...recorded.map(({ moment }) => moment),
      ...cases.flatMap(momentsOf),
      ...alerts.map((alert) => momentOfAlert(alert, whoOf(alert.attributes.case))),
    ];
    const fromZero = recordedAt(zeroEvent);
    if (fromZero !== undefined) {
      for (const moment of moments.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
        const id = JSON.stringify(moment);
        if (shown.has(id)) continue;
        shown.add(id);
        for (const line of momentLines(moment, { zero: fromZero, longestName, width: screen.width() }))
          screen.line(line);
      }
    }
    return { cases, alerts };
  };

  const until: LiveTimeline['until'] = (what, wanted) =>
    screen.during(
      `waiting for ${what}`,
      waitFor(what, { withinSeconds: WITHIN_SECONDS, logFile }, async () => {
        const seen = await look();
        return wanted(seen) ? seen : undefined;
      }),
    );

  const untilFirst = async (what: string, wanted: (seen: Seen) => boolean): Promise<Dealt> => {
    const seen = await until(what, wanted);
    const [found] = seen.cases;
    if (found === undefined) throw new Error('The case that was there is gone.');
    return { ...seen, found };
  };

  return {
    recordedAt,
    onRecord(record) {
      const at = new Date();
      records.push({ moment: momentOfRecord(record, at), eventName: String(record.eventName), at: at.getTime() });
    },
    until,
    untilDealtWith: (what) => untilFirst(what, isDealtWith),
    untilTold: (what, state) => untilFirst(what, (seen) => seen.cases[0]?.case.state === state && isTold(seen, state)),
  };
}

/** Contained, or what else became of it: anything but success is for the claims to tell. */
function isDealtWith(seen: Seen): boolean {
  const state = seen.cases[0]?.case.state;
  return state !== undefined && state !== 'open' && state !== 'containing' && isTold(seen, state);
}

function isTold({ cases: [found], alerts }: Seen, state: CaseState): boolean {
  return alerts.some(({ attributes }) => attributes.case === found?.case.caseId && attributes.state === state);
}

const PAINT: Readonly<Record<Moment['kind'], (text: string) => string>> = {
  record: colour.cyan,
  rule: colour.yellow,
  case: colour.bold,
  call: colour.magenta,
  deny: (text) => colour.bold(colour.red(text)),
  verify: colour.green,
  page: colour.blue,
};

function momentLines(
  { at, who, kind, text }: Moment,
  { zero, longestName, width }: { readonly zero: number; readonly longestName: number; readonly width: number },
): readonly string[] {
  const start = `  ${sinceText(at, zero).padStart(8)}  `;
  const label = kind.padEnd(6);
  const indent = ' '.repeat(start.length + label.length + longestName + 4);
  const [first = '', ...rest] = wrapped(printable(text, 300), width, indent, indent);
  const name = printable(who, longestName).padEnd(longestName);
  return [`${colour.dim(start)}${PAINT[kind](label)}  ${name}  ${first.slice(indent.length)}`, ...rest];
}
