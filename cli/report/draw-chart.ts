import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Html, html, trusted } from '../../shared/page/html.ts';

use([BarChart, GridComponent, LegendComponent, SVGRenderer]);

export type Chart = {
  /** What the chart shows, in a sentence, for those who do not see it. */
  readonly said: string;
  /** For a screen and for a phone: a chart made smaller cannot be read. */
  readonly option: (narrow: boolean) => EChartsCoreOption;
  readonly height: number;
};

const WIDE = 1_040;
const NARROW = 360;

/** Colours are variables of the style sheet, so that a chart follows the reader's light or dark. */
export const INK = { color: 'var(--ink)', fontFamily: 'sans-serif', fontSize: 12 } as const;
export const FAINT = { color: 'var(--faint)' } as const;

/** Two drawings of a chart, of which the style sheet shows the one that fits, as one picture with a text. */
export function drawChart({ said, option, height }: Chart): Html {
  return html`<div class="chart" role="img" aria-label="${said}">
<div class="wide" aria-hidden="true">${drawn(option(false), WIDE, height)}</div>
<div class="narrow" aria-hidden="true">${drawn(option(true), NARROW, height)}</div>
</div>`;
}

function drawn(option: EChartsCoreOption, width: number, height: number): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, textStyle: INK, ...option });
  // The library escapes the texts that it is given.
  const svg = chart.renderToSVGString();
  chart.dispose();
  return trusted(svg);
}
