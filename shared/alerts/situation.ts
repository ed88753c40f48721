import type { Outcome } from '../cases/outcome.ts';
import { assertNever } from '../json.ts';
import { type Alert, BREAKER_CASE } from './alert.ts';

/** A command that the reader may want next. */
export type Suggestion =
  | 'show'
  | 'cases'
  | 'approve'
  | 'reject'
  | 'release'
  | 'extend'
  | 'release-all'
  | 'close-breaker';

/** An alert's state in words that somebody understands who was just woken. Nothing in it is text of an event. */
export type Situation = {
  /** Two or three words, for the subject line and the first line. ASCII. */
  readonly short: string;
  /** What that means, and whether there is something to do. */
  readonly meaning: string;
  readonly stepsTitle: string;
  /** Access comes back in this state: then `undone` is what was wanted. */
  readonly givesBack: boolean;
  readonly suggestions: readonly Suggestion[];
};

const things = (count: number): string => (count === 1 ? '1 thing' : `${count} things`);
const steps = (count: number): string => (count === 1 ? '1 step' : `${count} steps`);

const needYou = (count: number): string => `${things(count)} ${count === 1 ? 'needs' : 'need'} you`;

type Facts = Omit<Situation, 'givesBack' | 'suggestions'> & Partial<Situation>;

function situation(facts: Facts): Situation {
  return { givesBack: false, suggestions: ['show'], ...facts };
}

function plannedSituation({ mode, state, steps: planned, until }: Alert): Situation {
  if (state === 'needs-human') {
    return situation({
      short: until === undefined ? 'not contained' : 'nothing more taken',
      meaning:
        until === undefined
          ? 'Nothing was changed, and the access still stands: decide what to do.'
          : 'Nothing more was taken than what stands: decide what to do.',
      stepsTitle: 'NOT DONE',
    });
  }
  if (planned.length === 0) {
    return situation({
      short: 'detected, nothing changed',
      meaning: 'Nothing was changed and nothing is planned: this rule only tells you.',
      stepsTitle: 'PLANNED',
    });
  }
  const why = mode === 'observe' ? 'observe mode' : `mode ${mode}`;
  return situation({
    short: 'planned, nothing changed',
    meaning: `The access still stands (${why}). In mode enforce, Rescind would take ${steps(planned.length)}.`,
    stepsTitle: 'WOULD BE DONE',
  });
}

const REFUSALS: Readonly<Record<Extract<Outcome, { kind: 'refused' }>['reason'], string>> = {
  protected:
    'It is protected by your policy, so nothing was changed and the access still stands. If it is not yours, act by hand.',
  'last-administrator':
    'Nobody else who can administer this account would be left, so nothing more is taken: the access stands, save for what was taken before. Act by hand.',
  budget:
    'It was acted on again and again within an hour, so Rescind changes nothing more by itself. What it took before stays taken: find out who or what works against it.',
  breaker: 'The breaker is open, so nothing more is taken: the access stands, save for what was taken before.',
  'stale-plan':
    'The account changed since the plan was approved, so nothing more is taken: the access stands, save for what was taken before.',
  stopped: 'Rescind is stopped and takes nothing more: the access stands, save for what was taken before.',
  rejected: 'Somebody rejected the plan, so nothing more is taken: the access stands, save for what was taken before.',
};

/** Nobody is let in by it, so it is no alarm: somebody may be kept out longer than was meant. */
function unfinishedRelease(missing: number): Situation {
  return situation({
    short: 'NOT FULLY released',
    meaning: `The release could not be completed: what is listed still stands. ${needYou(missing)}.`,
    stepsTitle: 'STEPS',
    givesBack: true,
    suggestions: ['show', 'release'],
  });
}

function outcomeSituation(alert: Alert, outcome: Outcome): Situation {
  switch (outcome.kind) {
    case 'contained': {
      const open = outcome.residual.length;
      const rest = open === 0 ? 'Nothing else is urgent.' : `${needYou(open)}: a deny does not end everything.`;
      return situation({
        short: 'contained',
        meaning: `The access was taken back, and fresh reads confirm it. ${rest}`,
        stepsTitle: 'DONE',
        suggestions: alert.until === undefined ? ['show', 'release'] : ['show', 'release', 'extend'],
      });
    }
    case 'partial': {
      if (alert.ofRelease === true) return unfinishedRelease(outcome.missing.length);
      const open = outcome.missing.length + outcome.residual.length;
      return situation({
        short: 'ONLY PARTLY contained',
        meaning: `ACT NOW: some access still stands. ${needYou(open)}.`,
        stepsTitle: 'STEPS',
        suggestions: ['show', 'release'],
      });
    }
    case 'gone':
      return situation({
        short: 'gone',
        meaning: 'There is nothing left to contain under that id. Find out who deleted it.',
        stepsTitle: 'STEPS',
      });
    case 'not-containable':
      return situation({
        short: 'NOT containable',
        meaning: 'Nothing was changed, and the access still stands. Act by hand.',
        stepsTitle: 'STEPS',
      });
    case 'planned':
      return plannedSituation(alert);
    case 'refused':
      return situation({
        short: 'NOT contained',
        meaning: REFUSALS[outcome.reason],
        stepsTitle: 'WOULD HAVE BEEN DONE',
        suggestions: outcome.reason === 'breaker' ? ['show', 'close-breaker'] : ['show'],
      });
    default:
      return assertNever(outcome);
  }
}

function releasedSituation(alert: Alert): Situation {
  const count = (state: Alert['steps'][number]['state']): number =>
    alert.steps.filter((step) => step.state === state).length;
  const [withheld, conflict, failed] = [count('withheld'), count('conflict'), count('failed')];
  const rest = [
    withheld > 0 ? `${things(withheld)} held back on purpose` : '',
    conflict > 0 ? `${things(conflict)} left as somebody else changed it meanwhile` : '',
    failed > 0 ? `${things(failed)} NOT put back, act by hand` : '',
  ].filter((part) => part !== '');
  return situation({
    short: rest.length === 0 ? 'released' : 'released in part',
    meaning: rest.length === 0 ? 'All that Rescind changed was put back.' : `Put back, except: ${rest.join('; ')}.`,
    stepsTitle: 'STEPS',
    givesBack: true,
    suggestions: withheld > 0 ? ['show', 'release-all'] : ['show'],
  });
}

function releasingSituation(): Situation {
  return situation({
    short: 'being released',
    meaning: 'Somebody released the case. The result follows.',
    stepsTitle: 'STEPS',
    givesBack: true,
  });
}

/** Told when a lock ends, without steps, and again when its deny is off. */
function endOfLock({ steps: taken }: Alert): Situation {
  return taken.length === 0
    ? situation({
        short: 'time is over',
        meaning: 'The time for which the access was taken is over, and it is being given back. The result follows.',
        stepsTitle: 'STEPS',
        givesBack: true,
      })
    : situation({
        short: 'given back in time',
        meaning: 'The access is back, save for tokens that were issued before it was taken.',
        stepsTitle: 'STEPS',
        givesBack: true,
        suggestions: ['show', 'release'],
      });
}

/** The one place where states and outcomes become words. */
export function situationOf(alert: Alert): Situation {
  if (alert.caseId === BREAKER_CASE) {
    return situation({
      short: 'BREAKER OPEN',
      meaning: 'Too many subjects at once: NOTHING MORE IS CONTAINED until a person closes the breaker.',
      stepsTitle: 'STEPS',
      suggestions: ['cases', 'close-breaker'],
    });
  }
  const { outcome } = alert;
  switch (alert.state) {
    case 'awaiting-approval':
      return situation({
        short: 'waits for YOUR APPROVAL',
        meaning:
          alert.until === undefined
            ? `Nothing was changed yet: the access still stands until somebody approves ${steps(alert.steps.length)}.`
            : `More than what stands is asked for: ${steps(alert.steps.length)}, once somebody approves.`,
        stepsTitle: 'WILL BE DONE WHEN APPROVED',
        suggestions: ['show', 'approve', 'reject'],
      });
    case 'containing':
      return situation({
        short: 'being contained',
        meaning: 'The access is being taken back now. The result follows.',
        stepsTitle: 'BEING DONE',
      });
    case 'releasing':
      return alert.tokensUntil === undefined ? releasingSituation() : endOfLock(alert);
    case 'released':
      return outcome?.kind === 'gone' ? outcomeSituation(alert, outcome) : releasedSituation(alert);
    case 'closed':
      return situation({
        short: 'closed',
        meaning: 'Nothing more is due.',
        stepsTitle: 'STEPS',
      });
    case 'open':
    case 'contained':
    case 'needs-human':
      if (outcome !== undefined) return outcomeSituation(alert, outcome);
      return alert.state === 'open'
        ? situation({
            short: 'detected',
            meaning: 'Nothing was changed yet. What to do is being planned.',
            stepsTitle: 'PLANNED',
          })
        : situation({
            short: 'needs a person',
            meaning: 'Rescind cannot finish this by itself: look at the case now.',
            stepsTitle: 'STEPS',
            suggestions: ['show', 'release'],
          });
    default:
      return assertNever(alert.state);
  }
}
