import pc from 'picocolors';
import type { Plan } from '../../shared/containment/plan.ts';
import { isJsonObject } from '../../shared/json.ts';
import type { ReceivedAlert } from '../staging/alert-receiver.ts';
import { printable } from '../terminal/printable.ts';
import type { Claim } from './claims.ts';
import type { Screen } from './screen.ts';

/** Of IAM's inline documents. */
const LONGEST_DOCUMENT = 12_000;

/** The exact calls of a plan; documents whole, for they are what would be sent. */
export function showPlan(screen: Screen, name: string, plan: Plan): void {
  screen.paragraph(`Plan for ${name}, sha256 ${plan.hash}`, '  ', '    ');
  plan.steps.forEach(({ call }, index) => {
    const parameters = Object.entries(call.input).map(
      ([parameter, value]) => `${parameter}=${printable(spaced(parameter, String(value)), LONGEST_DOCUMENT)}`,
    );
    screen.paragraph(`${index + 1}. iam:${call.operation} ${parameters.join(' ')}`, '    ', '       ');
  });
}

/** The text of an alert as it came to the subscriber, line by line; all of it, or the part that a locked phone shows. */
export function showAlert(screen: Screen, { message }: ReceivedAlert, shownLines = Number.POSITIVE_INFINITY): void {
  const lines = alertText(message).split('\n');
  for (const line of lines.slice(0, shownLines)) {
    const indent = /^\s*(- )?/.exec(line)?.[0].length ?? 0;
    if (line === '') screen.line('  |');
    else screen.paragraph(printable(line, 500), '  | ', `  | ${' '.repeat(indent)}`);
  }
  if (lines.length > shownLines) screen.line(pc.dim(`  | (and ${lines.length - shownLines} more lines)`));
}

/** A document with a space after each comma, so that it can be broken into lines. */
function spaced(parameter: string, value: string): string {
  return parameter.endsWith('Document')
    ? JSON.stringify(JSON.parse(value), undefined, 1).replaceAll(/\s+/g, ' ')
    : value;
}

function alertText(message: string): string {
  const document: unknown = JSON.parse(message);
  return isJsonObject(document) && typeof document.text === 'string' ? document.text : message;
}

export function showClaims(screen: Screen, claims: readonly Claim[]): void {
  for (const { text, proof, holds, seen } of claims) {
    const mark = holds ? pc.green('ok    ') : pc.bold(pc.red('FAILED'));
    screen.line(`  ${mark}  ${text}`);
    screen.paragraph(pc.dim(proof), '          ');
    if (seen !== undefined && !holds) screen.paragraph(`seen: ${seen}`, '          ');
  }
}
