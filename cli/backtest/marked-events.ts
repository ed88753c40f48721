import { isPlainInstant } from '../../shared/cloudtrail/decode-record.ts';
import type { Mark } from '../../shared/rules/correlate/mark.ts';
import { SUBJECT_SELECTORS, type SubjectSelector } from '../../shared/rules/rule.ts';
import { instant } from './case-lines.ts';
import { NO_SUBJECT } from './detection-log.ts';
import type { RecordFacts } from './findings.ts';
import { createInterned } from './intern.ts';
import type { Caseless } from './subjects-of-record.ts';

/** An event that left marks: what a correlation that it makes true is printed and counted with. */
export type MarkedEvent = RecordFacts & {
  /** Its subject, by what a correlation is about: places in a list of subjects. */
  readonly subjects: Readonly<Partial<Record<SubjectSelector, number>>>;
  readonly caseless?: Caseless;
};

/** Marks as they cross from one thread to another: numbers that need no copy, and texts, each once. */
export type MarkRows = {
  readonly rows: Int32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  readonly eventIds: readonly string[];
  readonly texts: readonly string[];
};

/**
 * The marks of a backtest, in numbers: 80 bytes each and their texts. One record in twenty leaves a mark, and as objects they
 * cost more than all else that a backtest does with a record once it is parsed, in time and in memory.
 */
export type MarkedEvents = {
  readonly add: (
    facts: RecordFacts,
    subjects: MarkedEvent['subjects'],
    marks: readonly Mark[],
    caseless?: Caseless,
  ) => void;
  /** Adds what another list holds, from a file; its subjects have other places here. */
  readonly addRows: (rows: MarkRows, file: string, subjectAt: (place: number) => number) => void;
  readonly rows: () => MarkRows;
  /** Every mark in the order of adding; those of an event that came twice are there twice. */
  readonly marks: () => Generator<Mark>;
  /** The event of this id that was added first, and the file that it came from. */
  readonly event: (eventId: string) => { readonly file: string; readonly event: MarkedEvent } | undefined;
};

/** What stands where in a row. Those from `file` on are places of texts; the subjects follow. */
const FIELDS = {
  index: 0,
  caseless: 1,
  eventId: 2,
  file: 3,
  eventTime: 4,
  eventName: 5,
  actor: 6,
  correlationId: 7,
  group: 8,
  ruleId: 9,
  value: 10,
} as const;
type TextField = Exclude<keyof typeof FIELDS, 'index' | 'caseless' | 'eventId'>;
const FIRST_TEXT = FIELDS.file;
const FIRST_SUBJECT = FIELDS.value + 1;
const WIDTH = FIRST_SUBJECT + SUBJECT_SELECTORS.length;
const NO_TEXT = -1;
/** The event's time is written as every record of AWS has it, and so is known from the time in numbers. */
const USUAL_TIME = -2;
const CASELESS: readonly (Caseless | undefined)[] = [undefined, 'parked', 'own'];

export function createMarkedEvents(): MarkedEvents {
  let rows = new Int32Array(WIDTH * 16);
  let times = new Float64Array(16);
  let size = 0;
  const texts = createInterned<string>();
  // Nearly every id comes once: to look whether it is there would take more memory than the ids.
  const eventIds: string[] = [];
  /** By its id, the row that an event was added in first. Made when it is asked for, at the end. */
  let firstRows: Map<string, number> | undefined;

  const placeOf = (text: string): number => texts.place(text, text);
  const optionalPlaceOf = (text: string | null | undefined): number => (text == null ? NO_TEXT : placeOf(text));
  const optionalTextOf = (row: number, field: TextField): string | undefined =>
    texts.values[rows[row * WIDTH + FIELDS[field]] ?? NO_TEXT];
  const textOf = (row: number, field: TextField): string => optionalTextOf(row, field) ?? '';

  /** The row that is being made up. */
  const made = new Int32Array(WIDTH);
  const addRow = (time: number): void => {
    if (size === times.length) {
      rows = longer(rows, new Int32Array(2 * rows.length));
      times = longer(times, new Float64Array(2 * size));
    }
    // For so few numbers a loop is quicker than `set`.
    for (let field = 0; field < WIDTH; field += 1) rows[size * WIDTH + field] = made[field] ?? 0;
    times[size] = time;
    size += 1;
    firstRows = undefined;
  };
  const eventIdOf = (row: number): string | undefined => eventIds[rows[row * WIDTH + FIELDS.eventId] ?? NO_TEXT];
  const firstRowOf = (eventId: string): number | undefined => {
    if (firstRows === undefined) {
      firstRows = new Map();
      for (let row = size - 1; row >= 0; row -= 1) firstRows.set(eventIdOf(row) ?? '', row);
    }
    return firstRows.get(eventId);
  };
  const eventTimeOf = (row: number): string | undefined =>
    rows[row * WIDTH + FIELDS.eventTime] === USUAL_TIME
      ? instant(times[row] ?? Number.NaN)
      : optionalTextOf(row, 'eventTime');

  return {
    add: (event, subjects, marks, caseless) => {
      made[FIELDS.index] = event.index;
      made[FIELDS.caseless] = CASELESS.indexOf(caseless);
      made[FIELDS.file] = NO_TEXT;
      made[FIELDS.eventId] = event.eventId === null ? NO_TEXT : eventIds.push(event.eventId) - 1;
      made[FIELDS.eventTime] =
        event.eventTime !== null && isPlainInstant(event.eventTime) ? USUAL_TIME : optionalPlaceOf(event.eventTime);
      made[FIELDS.eventName] = placeOf(event.eventName);
      made[FIELDS.actor] = placeOf(event.actor);
      for (let place = 0; place < SUBJECT_SELECTORS.length; place += 1) {
        made[FIRST_SUBJECT + place] = subjects[SUBJECT_SELECTORS[place] ?? 'actor'] ?? NO_SUBJECT;
      }
      for (const { correlationId, group, ruleId, time, value } of marks) {
        made[FIELDS.correlationId] = placeOf(correlationId);
        made[FIELDS.group] = placeOf(group);
        made[FIELDS.ruleId] = placeOf(ruleId);
        made[FIELDS.value] = optionalPlaceOf(value);
        addRow(time);
      }
    },
    addRows: (other, file, subjectAt) => {
      const places = other.texts.map(placeOf);
      const filePlace = placeOf(file);
      const firstId = eventIds.length;
      for (const eventId of other.eventIds) eventIds.push(eventId);
      for (const [index, time] of other.times.entries()) {
        for (let field = 0; field < WIDTH; field += 1) made[field] = other.rows[index * WIDTH + field] ?? 0;
        for (let field = FIRST_TEXT; field < FIRST_SUBJECT; field += 1) {
          const place = made[field] ?? NO_TEXT;
          made[field] = places[place] ?? place;
        }
        made[FIELDS.file] = filePlace;
        const eventId = made[FIELDS.eventId] ?? NO_TEXT;
        made[FIELDS.eventId] = eventId === NO_TEXT ? NO_TEXT : firstId + eventId;
        for (let field = FIRST_SUBJECT; field < WIDTH; field += 1) made[field] = subjectAt(made[field] ?? NO_SUBJECT);
        addRow(time);
      }
    },
    rows: () => ({ rows: rows.slice(0, size * WIDTH), times: times.slice(0, size), eventIds, texts: texts.values }),
    *marks() {
      for (let row = 0; row < size; row += 1) {
        const value = optionalTextOf(row, 'value');
        yield {
          correlationId: textOf(row, 'correlationId'),
          group: textOf(row, 'group'),
          ruleId: textOf(row, 'ruleId'),
          eventId: eventIdOf(row) ?? '',
          time: times[row] ?? Number.NaN,
          ...(value === undefined ? {} : { value }),
        };
      }
    },
    event: (eventId) => {
      const row = firstRowOf(eventId);
      if (row === undefined) return undefined;
      const caseless = CASELESS[rows[row * WIDTH + FIELDS.caseless] ?? 0];
      const subjects = SUBJECT_SELECTORS.map((selector, place): [SubjectSelector, number] => [
        selector,
        rows[row * WIDTH + FIRST_SUBJECT + place] ?? NO_SUBJECT,
      ]);
      return {
        file: textOf(row, 'file'),
        event: {
          index: rows[row * WIDTH + FIELDS.index] ?? 0,
          eventId: eventIdOf(row) ?? null,
          eventTime: eventTimeOf(row) ?? null,
          eventName: textOf(row, 'eventName'),
          actor: textOf(row, 'actor'),
          subjects: Object.fromEntries(subjects),
          ...(caseless === undefined ? {} : { caseless }),
        },
      };
    },
  };
}

function longer<T extends { set: (from: T) => void }>(from: T, into: T): T {
  into.set(from);
  return into;
}
