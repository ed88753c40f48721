import { answerFor } from '../../shared/config/response.ts';
import { type Html, html } from '../../shared/page/html.ts';
import { printable } from '../../shared/page/printable.ts';
import { LEVELS, type RuleHeader } from '../../shared/rules/rule.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { attackTechniques } from '../rules/attack-tags.ts';
import { number, plural } from '../terminal/plural.ts';
import { drawChart, FAINT, INK } from './draw-chart.ts';

/** As many bars as can be told apart. */
const MAX_BARS = 20;

const COLUMNS = ['Rule', 'Severity', 'Detections', 'ATT&CK', 'Playbook', 'Mode'];

/** Which rules fired, how severe they are and which techniques of ATT&CK they stand for. */
export function ruleSection(result: BacktestResult): Html {
  const { totals, rules, applied } = result;
  const fired = rules
    .map(({ header }, place) => ({ header, count: totals.byRule[place] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => LEVELS.indexOf(b.header.level) - LEVELS.indexOf(a.header.level) || b.count - a.count);
  const silent = rules.filter((rule, place) => rule.detection.silent !== true && totals.byRule[place] === 0);
  return html`<section aria-labelledby="rules">
<h2 id="rules">Why: detections by rule and severity</h2>
${
  fired.length === 0
    ? html`<p>No rule fired.</p>`
    : html`<figure><figcaption>${caption(fired.length)}</figcaption>${chart(fired.slice(0, MAX_BARS))}</figure>
<table class="cards still" role="table">
<caption class="unseen">Detections by rule</caption>
<thead role="rowgroup"><tr role="row">${COLUMNS.map((name) => html`<th role="columnheader" scope="col" class="${classOf(name)}">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">
${fired.map(({ header, count }) => {
  const { playbook, mode } = answerFor(applied.policy, header);
  return html`<tr role="row"><th role="rowheader" scope="row">${header.title} <small>${header.file}</small></th>
${cell('Severity', html`<span class="level ${header.level}">${header.level}</span>`)}${cell('Detections', html`${number(count)}`)}${cell('ATT&CK', techniques(header))}${cell('Playbook', html`${playbook}`)}${cell('Mode', html`${mode}`)}</tr>\n`;
})}</tbody></table></div>`
}
${
  silent.length === 0
    ? html``
    : html`<h3>Rules that never fired</h3>
<details><summary>${plural(silent.length, 'rule')}</summary><ul>${silent.map(({ header }) => html`<li>${header.title} <small>${header.level}</small></li>\n`)}</ul></details>`
}
</section>`;
}

function cell(name: string, content: Html): Html {
  return html`<td role="cell" class="${classOf(name)}" data-label="${name}"><span>${content}</span></td>`;
}

function classOf(name: string): string {
  return name === 'Detections' ? 'number' : '';
}

function caption(count: number): string {
  return count > MAX_BARS
    ? `The ${MAX_BARS} most severe of ${count} rules that fired`
    : `${plural(count, 'rule')} fired`;
}

type Bar = { readonly name: string; readonly value: number };
type Fired = { readonly header: RuleHeader; readonly count: number };

function chart(fired: readonly Fired[]): Html {
  const said = `Detections by rule: ${fired.map(({ header, count }) => `${header.title} ${number(count)} (${header.level})`).join('; ')}. The table below says the same.`;
  const bottomUp = fired.toReversed();
  return drawChart({
    said,
    height: 40 + fired.length * 34,
    option: (narrow) => ({
      grid: { left: narrow ? 8 : 380, right: 40, top: narrow ? 20 : 8, bottom: 8 },
      xAxis: { type: 'value', minInterval: 1, axisLabel: { show: false }, splitLine: { lineStyle: FAINT } },
      yAxis: {
        type: 'category',
        data: bottomUp.map(({ header }) => printable(header.title, narrow ? 44 : 48)),
        axisLabel: { ...INK, show: !narrow, margin: 10 },
        axisLine: { lineStyle: FAINT },
        axisTick: { show: false },
      },
      series: [
        {
          type: 'bar',
          silent: true,
          emphasis: { disabled: true },
          barWidth: narrow ? 8 : 16,
          ...(narrow ? { barCategoryGap: 0 } : {}),
          // On a phone there is no room beside the bar, so that its name stands above it.
          label: narrow
            ? { show: true, position: [0, -16], formatter: ({ name, value }: Bar) => `${name}: ${value}`, ...INK }
            : { show: true, position: 'right', ...INK },
          data: bottomUp.map(({ header, count }) => ({
            value: count,
            itemStyle: { color: `var(--${header.level})` },
          })),
        },
      ],
    }),
  });
}

function techniques({ tags }: RuleHeader): Html {
  const links = attackTechniques(tags).map(
    (technique) =>
      html`<a rel="noreferrer" href="https://attack.mitre.org/techniques/${technique.replace('.', '/')}/">${technique}</a> `,
  );
  return html`${links}`;
}
