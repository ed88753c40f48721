import { SankeyChart } from 'echarts/charts';
import { use } from 'echarts/core';
import type { Html } from '../../shared/page/html.ts';
import { printable } from '../../shared/page/printable.ts';
import type { AccessMap, Side } from '../map/access-map.ts';
import { number, plural } from '../terminal/plural.ts';
import { drawChart, INK } from './draw-chart.ts';

use([SankeyChart]);

/** As many as can be told apart on each side; all of them stand in the table. */
const ON_A_SIDE = 15;

/** Who accessed what, as bands from principals to resources, as wide as there were accesses. */
export function mapPicture({ rows, principals, resources, accesses }: AccessMap): Html {
  const [left, right] = [principals.slice(0, ON_A_SIDE), resources.slice(0, ON_A_SIDE)];
  const [lefts, rights] = [placesOf(left), placesOf(right)];
  const links = rows.flatMap(({ principal, arn, count }) => {
    const [source, target] = [lefts.get(principal), rights.get(arn)];
    // By the root of the count, or one program would make everybody else a hair.
    return source === undefined || target === undefined
      ? []
      : [{ source: `p${source}`, target: `r${target}`, value: Math.sqrt(count) }];
  });
  const linked = new Set(links.flatMap(({ source, target }) => [source, target]));
  const said = `${plural(accesses, 'access', 'accesses')} of ${plural(principals.length, 'principal')} to ${plural(resources.length, 'sensitive resource')}. ${left
    .slice(0, 3)
    .map(({ label, count }) => `${printable(label, 60)} ${number(count)}`)
    .join('; ')}. The table below says the same of each.`;
  return drawChart({
    said,
    height: 60 + 34 * Math.max(left.length, right.length),
    option: (narrow) => {
      const node = (side: 'p' | 'r', { label, count }: Side, place: number) => ({
        name: `${side}${place}`,
        depth: side === 'p' ? 0 : 1,
        itemStyle: { color: side === 'p' ? 'var(--accent)' : 'var(--high)' },
        label: {
          ...INK,
          position: (side === 'p') === narrow ? 'right' : 'left',
          formatter: `${short(label, narrow ? 22 : 36)}  ${number(count)}`,
        },
      });
      return {
        series: [
          {
            type: 'sankey',
            left: narrow ? 4 : 250,
            right: narrow ? 4 : 290,
            top: 16,
            bottom: 16,
            nodeWidth: 10,
            nodeGap: 14,
            layoutIterations: 32,
            silent: true,
            draggable: false,
            emphasis: { disabled: true },
            lineStyle: { color: 'var(--accent)', opacity: 0.28, curveness: 0.5 },
            data: [
              ...left.map((each, place) => node('p', each, place)),
              ...right.map((each, place) => node('r', each, place)),
            ].filter(({ name }) => linked.has(name)),
            links,
          },
        ],
      };
    },
  });
}

function placesOf(sides: readonly Side[]): ReadonlyMap<string, number> {
  return new Map(sides.map(({ key }, place) => [key, place]));
}

/** Of an ARN the service and the name. Braces would be a template of the library's. */
function short(label: string, length: number): string {
  const text = printable(label).replaceAll(/[{}]/g, '');
  const [, service, resource] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.*)$/s.exec(text) ?? [];
  const name = resource === undefined ? text : `${service}: ${resource.replace(/^secret:/, '').replace(/-\?{6}$/, '')}`;
  if (name.length <= length) return name;
  const half = Math.floor(length / 2);
  return `${name.slice(0, half - 1)}…${name.slice(-half)}`;
}
