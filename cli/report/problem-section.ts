import { type Html, html } from '../../shared/page/html.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { plural } from '../terminal/plural.ts';

const MAX_LISTED = 200;

/** What could not be looked at: a gap in the logs is a gap in every figure of the report. */
export function problemSection({ totals }: BacktestResult): Html {
  const { unreadable, unreadableCount, faults, faultCount } = totals;
  if (unreadableCount + faultCount === 0) return html``;
  return html`<section aria-labelledby="problems">
<h2 id="problems">What could not be looked at</h2>
${list(
  'record',
  unreadableCount,
  unreadable.map(({ file, index, reason }) => `${file}, record ${index}: ${reason}`),
)}
${list(
  'rule that threw',
  faultCount,
  faults.map(({ file, index, rule, message }) => `${rule} on ${file}, record ${index}: ${message}`),
)}
</section>`;
}

function list(noun: string, count: number, lines: readonly string[]): Html {
  if (count === 0) return html``;
  const shown = lines.slice(0, MAX_LISTED).map((line) => html`<li>${line}</li>\n`);
  const more = count - shown.length;
  return html`<details open><summary>${plural(count, noun)}</summary><ul>${shown}</ul>${more > 0 ? html`<p>and ${String(more)} more</p>` : html``}</details>`;
}
