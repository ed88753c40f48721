import { type Html, html } from '../../shared/page/html.ts';
import { LEVELS } from '../../shared/rules/rule.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { createZonedTime } from '../backtest/zoned-time.ts';
import { number, plural } from '../terminal/plural.ts';
import { drawChart, FAINT, INK } from './draw-chart.ts';

const DAY = 24 * 3600 * 1000;

/** Detections over the time of the logs, by level. */
export function timelineSection({ timeline, applied, totals }: BacktestResult): Html {
  const { start, step, counts } = timeline;
  const zone = applied.policy.alerts.zone;
  const zoned = createZonedTime(zone);
  const size = Math.max(0, ...[...counts.values()].map((each) => each.length));
  const times = Array.from({ length: size }, (_, index) => zoned(start + index * step));
  const oneDay = size * step <= DAY;
  const shown = times.map((time) => (step >= DAY ? time.slice(5, 10) : time.slice(oneDay ? 11 : 5, 16)));
  const levels = LEVELS.filter((level) => counts.has(level)).reverse();
  const rows = times.flatMap((time, index) => {
    const own = levels.map((level) => counts.get(level)?.[index] ?? 0);
    return own.some((count) => count > 0) ? [{ time, own }] : [];
  });
  if (rows.length === 0) return html``;
  const busiest = rows.reduce((a, b) => (sum(b.own) > sum(a.own) ? b : a));
  const said = `Detections over time, in stretches of ${stretch(step)}. ${plural(totals.detections, 'detection')} in all; most, ${number(sum(busiest.own))}, from ${busiest.time}.`;
  const chart = drawChart({
    said,
    height: 260,
    option: (narrow) => ({
      grid: { left: 36, right: 12, top: 40, bottom: 28 },
      legend: {
        top: 0,
        left: 0,
        textStyle: INK,
        itemWidth: 14,
        itemHeight: 10,
        itemGap: 20,
        icon: 'rect',
        selectedMode: false,
      },
      xAxis: {
        type: 'category',
        data: shown,
        axisLabel: { ...INK, hideOverlap: true, interval: Math.ceil(size / (narrow ? 4 : 12)) - 1 },
        axisLine: { lineStyle: FAINT },
        axisTick: { show: false },
      },
      yAxis: { type: 'value', minInterval: 1, axisLabel: INK, splitLine: { lineStyle: FAINT } },
      series: levels.toReversed().map((level) => ({
        name: level,
        type: 'bar',
        stack: 'all',
        silent: true,
        emphasis: { disabled: true },
        barCategoryGap: '15%',
        barMaxWidth: 40,
        itemStyle: { color: `var(--${level})` },
        data: counts.get(level) ?? [],
      })),
    }),
  });
  return html`<section aria-labelledby="timeline">
<h2 id="timeline">When</h2>
<figure>
<figcaption>Detections in each ${stretch(step)} (${zone})</figcaption>
${chart}
<details><summary>The same as a table</summary>
<div class="scroll" role="region" aria-label="Detections over time" tabindex="0"><table>
<thead><tr><th scope="col">From</th>${levels.map((level) => html`<th scope="col" class="number">${level}</th>`)}</tr></thead>
<tbody>${rows.map(({ time, own }) => html`<tr><th scope="row">${time}</th>${own.map((count) => html`<td class="number">${number(count)}</td>`)}</tr>\n`)}</tbody>
</table></div></details>
</figure>
</section>`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function stretch(step: number): string {
  const minutes = step / 60_000;
  if (minutes < 2) return 'minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = minutes / 60;
  if (hours < 24) return hours === 1 ? 'hour' : `${hours} hours`;
  const days = Math.round(hours / 24);
  return days === 1 ? 'day' : `${days} days`;
}
