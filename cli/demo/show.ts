import type { Plan } from '../../shared/containment/plan.ts';
import { isJsonObject } from '../../shared/json.ts';
import { printable } from '../../shared/page/printable.ts';
import type { ReceivedAlert } from '../staging/alert-receiver.ts';
import { colour } from '../terminal/colour.ts';
import { type Shortening, shortened } from './alert-digest.ts';
import type { Claim } from './claims.ts';
import type { Screen } from './screen.ts';

/** IAM's longest inline document. */
const LONGEST_DOCUMENT = 12_000;

/** The exact calls of a plan; documents whole, for they are what would be sent. */
export function showPlan(screen: Screen, name: string, plan: Plan): void {
  screen.line(`  Plan for ${name}, sha256 ${plan.hash}`);
  plan.steps.forEach(({ call }, index) => {
    const parameters = Object.entries(call.input).map(
      ([parameter, value]) => `${parameter}=${printable(spaced(parameter, String(value)), LONGEST_DOCUMENT)}`,
    );
    screen.paragraph(`${index + 1}. iam:${call.operation} ${parameters.join(' ')}`, '    ', '       ');
  });
}

/** A document with a space after each comma, so that it can be broken into lines. */
function spaced(parameter: string, value: string): string {
  return parameter.endsWith('Document')
    ? JSON.stringify(JSON.parse(value), undefined, 1).replaceAll(/\s+/g, ' ')
    : value;
}

/** The text of an alert as it came to the subscriber; where lines are left out, it says how many. */
export function showAlert(screen: Screen, { message }: ReceivedAlert, shortening: Shortening): void {
  for (const line of shortened(textOf(message), shortening)) {
    const indent = /^\s*(- )?/.exec(line)?.[0].length ?? 0;
    if (line === '') screen.line('  |');
    else screen.paragraph(printable(line, 500), '  | ', `  | ${' '.repeat(indent)}`);
  }
}

function textOf(message: string): string {
  const document: unknown = JSON.parse(message);
  return isJsonObject(document) && typeof document.text === 'string' ? document.text : message;
}

export function showClaims(screen: Screen, claims: readonly Claim[]): void {
  for (const { text, proof, holds, seen } of claims) {
    const mark = holds ? colour.green('ok    ') : colour.bold(colour.red('FAILED'));
    screen.paragraph(text, `  ${mark}  `, '          ');
    screen.paragraph(proof, '          ', '          ', colour.dim);
    if (seen !== undefined && !holds) screen.paragraph(`seen: ${seen}`, '          ');
  }
}
