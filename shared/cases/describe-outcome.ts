import type { Outcome } from './outcome.ts';

/** An outcome in one line, without its lists. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'contained':
      return `contained, grade ${outcome.grade}`;
    case 'partial':
      return `partial, ${outcome.missing.length} missing`;
    case 'gone':
      return `gone: ${outcome.detail}`;
    case 'not-containable':
      return `not containable: ${outcome.why}`;
    case 'planned':
      return 'planned, nothing was changed';
    case 'refused':
      return `refused (${outcome.reason}): ${outcome.detail}`;
  }
}
