import type { CaseState, Detection } from '../cases/case.ts';
import type { LastRelease } from '../cases/last-release.ts';
import type { Outcome } from '../cases/outcome.ts';
import type { Mode } from '../config/policy.ts';
import type { ResidueItem } from '../residue/residue.ts';
import type { Level } from '../rules/rule.ts';
import type { Alert, AlertChannel } from './alert.ts';
import { channelOf } from './channel.ts';
import { ARN, cleanDetection, cleanOutcome, cleanRelease, cleanThing, NAME, SENTENCE } from './clean-facts.ts';
import { commandsFor } from './commands.ts';
import { clean } from './plain-text.ts';
import { renderText } from './render-text.ts';
import { situationOf } from './situation.ts';

/** The alert for a program. Values are as they are in AWS, on one line and cut in length; show them escaped. */
export type AlertDocument = {
  readonly schema: 'rescind.alert/1';
  readonly dedupId: string;
  readonly caseId: string;
  readonly caseVersion: number;
  readonly channel: AlertChannel;
  readonly severity: Level;
  readonly state: CaseState;
  /** The state in two or three words, e.g. `ONLY PARTLY contained`. */
  readonly summary: string;
  readonly mode: Mode;
  readonly account: string;
  readonly region: string;
  readonly subject: string;
  readonly subjectArn: string;
  readonly at: string;
  readonly note?: string;
  /** When the containment ends by itself. */
  readonly until?: string;
  /** A lock has ended: until when tokens from before it stay denied. */
  readonly tokensUntil?: string;
  /** What was seen had happened before a person let the subject go, and came to light after it. */
  readonly releasedSince?: LastRelease;
  readonly outcome?: Outcome;
  readonly steps: Alert['steps'];
  /** What the subject left behind that a person has to decide about. */
  readonly leftBehind?: readonly ResidueItem[];
  readonly detections: readonly Detection[];
  /** How many were left out for length, of each list; nothing when all are here. */
  readonly leftOut: { readonly detections: number; readonly steps: number; readonly items: number };
  readonly commands: readonly string[];
  /** What people get. */
  readonly text: string;
};

/** How many of each list, at most. */
export type Detail = { readonly detections: number; readonly steps: number; readonly items: number };

function listsOf(outcome: Outcome | undefined): readonly (readonly unknown[])[] {
  switch (outcome?.kind) {
    case 'contained':
      return [outcome.residual, outcome.unavailable];
    case 'partial':
      return [outcome.missing, outcome.residual, outcome.unavailable];
    case 'not-containable':
      return [outcome.humanSteps];
    case 'refused':
      return [outcome.humanSteps ?? []];
    default:
      return [];
  }
}

const beyond = (length: number, limit: number): number => Math.max(0, length - limit);

/** The document with at most so much detail; the newest detections stay. */
export function alertDocument(alert: Alert, zone: string, detail: Detail): AlertDocument {
  const { detections, steps, outcome, note, until, tokensUntil, releasedSince } = alert;
  return {
    schema: 'rescind.alert/1',
    dedupId: clean(alert.dedupId, 128),
    caseId: clean(alert.caseId, 64),
    caseVersion: alert.caseVersion,
    channel: channelOf(alert),
    severity: alert.severity,
    state: alert.state,
    summary: situationOf(alert).short,
    mode: alert.mode,
    account: clean(alert.account, 12),
    region: clean(alert.region, 40),
    subject: clean(alert.subject, NAME),
    subjectArn: clean(alert.subjectArn, ARN),
    at: clean(alert.at, 40),
    ...(note === undefined ? {} : { note: clean(note, SENTENCE) }),
    ...(until === undefined ? {} : { until: clean(until, 40) }),
    ...(tokensUntil === undefined ? {} : { tokensUntil: clean(tokensUntil, 40) }),
    ...(releasedSince === undefined ? {} : { releasedSince: cleanRelease(releasedSince) }),
    ...(outcome === undefined ? {} : { outcome: cleanOutcome(outcome, detail.items) }),
    ...(alert.leftBehind === undefined ? {} : { leftBehind: alert.leftBehind.slice(0, detail.items).map(cleanThing) }),
    steps: steps.slice(0, detail.steps).map(({ title, state }) => ({ title: clean(title, NAME), state })),
    detections: detections.slice(beyond(detections.length, detail.detections)).map(cleanDetection),
    leftOut: {
      detections: beyond(detections.length, detail.detections) + (alert.olderDetections ?? 0),
      steps: beyond(steps.length, detail.steps),
      items: listsOf(outcome).reduce((sum, list) => sum + beyond(list.length, detail.items), 0),
    },
    commands: commandsFor(alert).map(({ command }) => command),
    text: renderText(alert, zone),
  };
}

/** The document as JSON text. */
export function renderJson(alert: Alert, zone: string, detail: Detail): string {
  return JSON.stringify(alertDocument(alert, zone, detail));
}
