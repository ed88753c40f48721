/**
 * What a correlation keeps of an event: enough to judge, nothing of its content. Keyed by event id, so that the same event
 * twice is one mark.
 */
export type Mark = {
  readonly correlationId: string;
  /** The values of the group fields, as compact JSON. */
  readonly group: string;
  readonly ruleId: string;
  readonly eventId: string;
  /** Milliseconds since 1970 of the event's own time. */
  readonly time: number;
  /** The counted or summed value, where the correlation has a field. */
  readonly value?: string;
};

/** A correlation that came true. `key` is the same however often and in whatever order the events arrive. */
export type Finding = {
  readonly key: string;
  readonly correlationId: string;
  readonly group: string;
  /** The time of the event that made it true. */
  readonly time: number;
  /** Each time at which it was true, where a correlation of correlations has to know; else the first alone. */
  readonly times: readonly number[];
  readonly eventId: string;
  /** The events of the window, in order of time. */
  readonly events: readonly string[];
};
