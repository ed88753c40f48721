import { type Html, html } from '../../shared/page/html.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { number } from '../terminal/plural.ts';
import { drawChart, FAINT, INK } from './draw-chart.ts';

/** How many alerts a day: what grouping into cases saves. */
export function daySection({ days, alerts, applied }: BacktestResult): Html {
  if (days.length === 0) return html``;
  const said = `Alerts by day: ${number(alerts.after)} in all, where one for each detection would be ${number(alerts.before)}. The table below says the same.`;
  const chart =
    days.length < 2
      ? html``
      : drawChart({
          said,
          height: 240,
          option: (narrow) => ({
            grid: { left: 44, right: 12, top: 40, bottom: 28 },
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
              data: days.map(({ day }) => day.slice(5)),
              axisLabel: { ...INK, interval: Math.ceil(days.length / (narrow ? 5 : 16)) - 1 },
              axisLine: { lineStyle: FAINT },
              axisTick: { show: false },
            },
            yAxis: { type: 'value', minInterval: 1, axisLabel: INK, splitLine: { lineStyle: FAINT } },
            series: [
              bars(
                'one for each detection',
                'var(--before)',
                days.map(({ detections }) => detections),
              ),
              bars(
                'alerts',
                'var(--accent)',
                days.map((day) => day.alerts),
              ),
            ],
          }),
        });
  return html`<section aria-labelledby="days">
<h2 id="days">How many alerts a day</h2>
<p>One alert for each change of a case, against one for each detection (${applied.policy.alerts.zone}).</p>
${days.length < 2 ? html`` : html`<figure>${chart}</figure>`}
<div class="scroll" role="region" aria-label="Alerts by day" tabindex="0"><table>
<caption class="unseen">Alerts by day</caption>
<thead><tr><th scope="col">Day</th><th scope="col" class="number">Detections</th><th scope="col" class="number">Cases opened</th><th scope="col" class="number">Alerts</th></tr></thead>
<tbody>
${days.map(({ day, detections, cases, alerts: told }) => html`<tr><th scope="row">${day}</th><td class="number">${number(detections)}</td><td class="number">${number(cases)}</td><td class="number">${number(told)}</td></tr>\n`)}</tbody>
</table></div>
</section>`;
}

function bars(name: string, color: string, data: readonly number[]) {
  return { name, type: 'bar', silent: true, emphasis: { disabled: true }, barMaxWidth: 24, itemStyle: { color }, data };
}
