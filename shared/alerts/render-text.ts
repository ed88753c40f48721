import type { Outcome } from '../cases/outcome.ts';
import { type Alert, BREAKER_CASE } from './alert.ts';
import { commandsFor } from './commands.ts';
import { ascii, identifier, plain } from './plain-text.ts';
import { gravest, seenLines } from './seen.ts';
import { type Situation, situationOf } from './situation.ts';
import { timeInZone } from './time-in-zone.ts';

/** The whole text fits several times into one message of SNS, whatever its letters. */
const LONGEST_TEXT = 5000;
/** Three parts of 153 letters: what a phone still shows as one message. */
const LONGEST_SMS = 459;

/** So that the first line fits into 160 letters with what follows it. */
const SHORT_NAME = 44;
const SHOWN_STEPS = 15;
const SHOWN_ITEMS = 8;
const STILL_OPEN = 'STILL OPEN, needs you';

type Section = { readonly title: string; readonly lines: readonly string[] };

const section = (title: string, lines: readonly string[]): Section => ({ title, lines });

function some<T>(items: readonly T[], limit: number, lines: (item: T) => readonly string[]): readonly string[] {
  const left = items.length - limit;
  return [...items.slice(0, limit).flatMap(lines), ...(left > 0 ? [`- and ${left} more`] : [])];
}

/** How bad, what state, who, where, and what was seen: the part that a locked screen shows. */
function headline(alert: Alert, { short }: Situation): readonly string[] {
  const severity = alert.severity.toUpperCase();
  const account = `account ${plain(alert.account, 12)}`;
  if (alert.caseId === BREAKER_CASE) return [`${severity} ${short}: nothing more is contained in ${account}.`];
  const worst = gravest(alert.detections);
  const others = new Set(alert.detections.map(({ ruleId }) => ruleId)).size - 1;
  const more = others < 1 ? '' : others === 1 ? ' (and 1 other rule)' : ` (and ${others} other rules)`;
  return [
    `${severity} ${short}: ${plain(alert.subject, SHORT_NAME)} in ${account}, case ${identifier(alert.caseId, 40)}.`,
    ...(worst === undefined ? [] : [`${plain(worst.ruleTitle, 60)}${more}.`]),
  ];
}

function stepWord(state: Alert['steps'][number]['state'], givesBack: boolean): string {
  switch (state) {
    case 'planned':
      return 'not tried: ';
    case 'done':
      return givesBack ? 'still stands: ' : 'done: ';
    case 'unconfirmed':
      return 'made, NOT CONFIRMED: ';
    case 'failed':
      return givesBack ? 'FAILED to take back: ' : 'FAILED: ';
    case 'undone':
      return givesBack ? 'taken back: ' : 'UNDONE by somebody: ';
    case 'withheld':
      return 'still stands, on purpose: ';
    case 'conflict':
      return 'left alone, changed by somebody else: ';
    default:
      return state satisfies never;
  }
}

function stepLines({ steps }: Alert, { givesBack }: Situation): readonly string[] {
  const states = new Set(steps.map(({ state }) => state));
  // Where all are alike, the section's title says it already.
  const alike = states.size === 1 && !givesBack && (states.has('done') || states.has('planned'));
  return some(steps, SHOWN_STEPS, ({ title, state }) => [
    `- ${alike ? '' : stepWord(state, givesBack)}${plain(title, 160)}`,
  ]);
}

function residualLines(outcome: Extract<Outcome, { kind: 'contained' | 'partial' }>): readonly string[] {
  return some(outcome.residual, SHOWN_ITEMS, ({ what, humanStep }) => [
    `- ${plain(what, 160)}`,
    `  You: ${plain(humanStep, 300)}`,
  ]);
}

/** What the reader must do: before anything that is only good to know. */
function yoursToDo(outcome: Outcome | undefined): readonly Section[] {
  switch (outcome?.kind) {
    case 'contained':
      return [section(STILL_OPEN, residualLines(outcome))];
    case 'partial': {
      const missing = some(outcome.missing, SHOWN_ITEMS, ({ item, reason }) => [
        `- ${plain(item, 160)}`,
        `  Why: ${plain(reason, 200)}`,
      ]);
      return [section('NOT DONE, needs you', missing), section(STILL_OPEN, residualLines(outcome))];
    }
    case 'not-containable':
      return [
        section('WHY', [`- ${plain(outcome.why, 300)}`]),
        section(
          'WHAT YOU CAN DO',
          some(outcome.humanSteps, SHOWN_ITEMS, (step) => [`- ${plain(step, 300)}`]),
        ),
      ];
    case 'refused':
      return [
        section('WHY', [`- ${plain(outcome.detail, 300)}`]),
        section(
          'WHAT YOU CAN DO',
          some(outcome.humanSteps ?? [], SHOWN_ITEMS, (step) => [`- ${plain(step, 300)}`]),
        ),
      ];
    case 'gone':
      return [section('WHY', [`- ${plain(outcome.detail, 300)}`])];
    default:
      return [];
  }
}

function notChecked(outcome: Outcome | undefined): readonly string[] {
  const unavailable = outcome?.kind === 'contained' || outcome?.kind === 'partial' ? outcome.unavailable : [];
  return some(unavailable, SHOWN_ITEMS, ({ operation, reason }) => [
    `- ${plain(operation, 80)}: ${plain(reason, 160)}`,
  ]);
}

function leftBehindLines({ leftBehind = [] }: Alert): readonly string[] {
  return some(leftBehind, SHOWN_ITEMS, ({ what, by, state, contain }) => [
    `- ${plain(what, 160)} by ${plain(by, 60)}${state === 'live' ? ', still there' : ''}`,
    `  To contain it: ${plain(contain, 300)}`,
  ]);
}

function whoLines({ subject, subjectArn, account, region }: Alert): readonly string[] {
  const whole = plain(subject, 120);
  return [
    // The first line has it already, unless it was cut there.
    ...(whole === plain(subject, SHORT_NAME) ? [] : [`- ${whole}`]),
    `- ${plain(subjectArn, 300)}`,
    `- account ${plain(account, 12)}, ${plain(region, 30)}`,
  ];
}

/** What is being given back, or was, nothing keeps in place; after a lock its tokens stay denied. */
function gradeLine({ outcome, state, tokensUntil, steps }: Alert): readonly string[] {
  const stands = state === 'contained' || (tokensUntil !== undefined && steps.length > 0);
  if (outcome?.kind !== 'contained' || !stands) return [];
  return outcome.grade === 'A'
    ? ['Grade A: a guard of the organisation keeps it in place.']
    : ['Grade B: it stands in this account only. Whoever administers the account can undo it.'];
}

/** What happens next by itself, and when. */
function endLine({ state, until, tokensUntil, steps }: Alert, zone: string): readonly string[] {
  if (tokensUntil !== undefined) {
    return steps.length === 0 ? [] : [`Those tokens stay denied until ${timeInZone(tokensUntil, zone)}.`];
  }
  const holds = state === 'containing' || state === 'contained' || state === 'needs-human';
  return until === undefined || !holds ? [] : [`It ends by itself at ${timeInZone(until, zone)}.`];
}

/** Why nothing is done by itself, although the rule's mode would let it. */
function lateLine({ releasedSince }: Alert, zone: string): readonly string[] {
  if (releasedSince === undefined) return [];
  const { at, caseId } = releasedSince;
  return [
    `What was seen last came late: it happened before ${timeInZone(at, zone)}, when a person let the subject go (case ${identifier(caseId, 40)}). Nothing is done for it unless a person says so.`,
  ];
}

function closing(alert: Alert, zone: string, body: string): string {
  const bracketed = body.includes('[.]') || body.includes('[at]');
  return [
    'NEXT',
    ...commandsFor(alert).map(({ label, command }) => `- ${label}: ${command}`),
    '',
    `As of ${timeInZone(alert.at, zone)}, mode ${alert.mode}.`,
    ...(bracketed ? ['[.] stands for a dot and [at] for an at sign, so that no name becomes a link.'] : []),
  ].join('\n');
}

/** The alert for a person, most important first. Times are told in `zone`, an IANA name. */
export function renderText(alert: Alert, zone: string): string {
  const situation = situationOf(alert);
  const opening = [
    ...headline(alert, situation),
    situation.meaning,
    ...lateLine(alert, zone),
    ...endLine(alert, zone),
    ...gradeLine(alert),
  ].join('\n');
  const sections = [
    section('NOTE', alert.note === undefined || alert.note === '' ? [] : [`- ${plain(alert.note, 300)}`]),
    ...yoursToDo(alert.outcome),
    section('LEFT BEHIND, decide on each', leftBehindLines(alert)),
    section(alert.caseId === BREAKER_CASE ? 'AT' : 'WHO', whoLines(alert)),
    section('SEEN', seenLines(alert.detections, alert.olderDetections ?? 0, zone)),
    section(situation.stepsTitle, stepLines(alert, situation)),
    section('NOT CHECKED, so it may be open', notChecked(alert.outcome)),
  ]
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => [title, ...lines].join('\n'));
  const body = [opening, ...sections].join('\n\n');
  return `${shortened(body)}\n\n${closing(alert, zone, body)}`;
}

/** Whole lines only, and a word that something is missing; what comes after the body is never cut. */
function shortened(body: string): string {
  if (Array.from(body).length <= LONGEST_TEXT) return body;
  const start = Array.from(body).slice(0, LONGEST_TEXT).join('');
  return `${start.slice(0, start.lastIndexOf('\n'))}\n- more than fits here`;
}

/** The same in the letters and the length of a text message; its first part of 153 letters says what happened. */
export function renderSms(alert: Alert, zone: string): string {
  const situation = situationOf(alert);
  const [first] = commandsFor(alert);
  const late = lateLine(alert, zone);
  const end = endLine(alert, zone);
  const lines = [...headline(alert, situation), situation.meaning, ...late, ...end, timeInZone(alert.at, zone)];
  const command = first === undefined ? '' : `\n${first.command}`;
  return `${lines
    .map(ascii)
    .join('\n')
    .slice(0, LONGEST_SMS - command.length)}${command}`;
}
