import { type Html, html } from '../../shared/page/html.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { number, plural } from '../terminal/plural.ts';

const MAX_ROWS = 50;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Who was detected at which hour of the day: a table whose cells are the picture, so that it reads as one and as the other. */
export function heatMapSection({ hours, totals, applied }: BacktestResult): Html {
  const rows = [...hours]
    .map(([actor, counts]) => ({ actor, counts, total: counts.reduce((sum, each) => sum + each, 0) }))
    .sort((a, b) => b.total - a.total);
  if (rows.length === 0) return html``;
  const most = Math.max(...rows.flatMap(({ counts }) => counts));
  const shown = rows.slice(0, MAX_ROWS);
  const more = rows.length - shown.length;
  return html`<section aria-labelledby="hours">
<h2 id="hours">Who, at which hour</h2>
<p>Detections of each principal by hour of the day, all days together (${applied.policy.alerts.zone}). The stronger the colour, the more.</p>
<div class="scroll" role="region" aria-label="Detections by principal and hour" tabindex="0">
<table class="heat">
<caption class="unseen">Detections by principal and hour of the day</caption>
<thead><tr><th scope="col">Principal</th>${HOURS.map((hour) => html`<th scope="col"><span class="unseen">hour </span>${String(hour).padStart(2, '0')}</th>`)}<th scope="col" class="number">All</th></tr></thead>
<tbody>
${shown.map(({ actor, counts, total }) => html`<tr><th scope="row">${actor}${highest(totals.byPrincipal.get(actor)?.level)}</th>${counts.map((count) => heat(count, most))}<td class="number">${number(total)}</td></tr>\n`)}</tbody>
</table></div>
${more > 0 ? html`<p>and ${plural(more, 'principal')} more with fewer detections.</p>` : html``}
</section>`;
}

function highest(level: string | undefined): Html {
  return level === undefined ? html`` : html` <span class="level ${level}">${level}</span>`;
}

/** Shares of the full colour, with a gap in the middle, where neither dark nor light digits could be read. */
const STEPS = [15, 30, 45, 85, 100];

/** By the root of the count: one noisy hour must not turn all others pale. */
function heat(count: number, most: number): Html {
  if (count === 0) return html`<td class="none"><span class="unseen">0</span></td>`;
  const share = STEPS[Math.ceil(Math.sqrt(count / most) * STEPS.length) - 1] ?? 100;
  return html`<td class="${share > 45 ? 'hot' : ''}" style="--heat: ${share}%">${number(count)}</td>`;
}
