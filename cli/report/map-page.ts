import { type Html, html } from '../../shared/page/html.ts';
import { timeOf } from '../access/render-accesses.ts';
import type { AccessMap } from '../map/access-map.ts';
import { number, plural } from '../terminal/plural.ts';
import { mapPicture } from './map-picture.ts';
import { reportPage } from './report-page.ts';

export type MapFacts = { readonly account: string; readonly at: Date };

const COLUMNS = ['Who', 'Resource', 'First', 'Last', 'Count'];

/** The access map as one file: a picture, and a table that says the same of each. */
export function renderMap(map: AccessMap, { account, at }: MapFacts): string {
  const { principals, resources, accesses } = map;
  return reportPage({
    title: `Rescind access map of ${account}`,
    skip: { id: 'accesses', text: 'Skip to the table of accesses' },
    heading: 'Who accesses what is sensitive',
    lead: html`Account ${account}, ${timeOf(at.toISOString())} UTC: ${plural(accesses, 'access', 'accesses')} of ${plural(principals.length, 'principal')} to ${plural(resources.length, 'sensitive resource')}, as far as they were recorded. All sessions of a role are counted together.`,
    main: map.rows.length === 0 ? nobody() : html`${picture(map)}${table(map)}`,
  });
}

function nobody(): Html {
  return html`<section aria-labelledby="accesses"><h2 id="accesses">Accesses</h2>
<p>None is recorded: <code>sensitive</code> in rescind.yaml names what is sensitive, and <code>record</code> what is recorded.</p></section>`;
}

function picture(map: AccessMap): Html {
  return html`<section aria-labelledby="map">
<h2 id="map">The map</h2>
<figure><figcaption>Principals on the left, resources on the right, the busiest of each; the wider a band, the more accesses</figcaption>
${mapPicture(map)}</figure>
</section>
`;
}

function table({ rows, cut }: AccessMap): Html {
  return html`<section aria-labelledby="accesses">
<h2 id="accesses">Accesses</h2>
<form class="controls" hidden>
<label>Search <input type="search" id="search" autocomplete="off" placeholder="name, resource"></label>
<output id="shown" for="search">${plural(rows.length, 'row')}</output>
</form>
<table class="cards searched" data-noun="row" role="table" aria-labelledby="accesses">
<caption>One row for each principal and resource; times in UTC</caption>
<thead role="rowgroup"><tr role="row">${COLUMNS.map(heading)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  ({
    label,
    principal,
    arn,
    type,
    first,
    last,
    count,
  }) => html`<tr role="row"><th role="rowheader" scope="row">${label} <small>${principal}</small></th>
<td role="cell" class="text" data-label="Resource"><span>${arn} <small>${type}</small></span></td>
${time('First', first)}
${time('Last', last)}
<td role="cell" class="number" data-label="Count" data-value="${count}"><span>${number(count)}</span></td></tr>
`,
)}</tbody>
</table>
${cut ? html`<p>There are more; <code>--limit</code> shows more of them.</p>` : html``}
</section>`;
}

/** The last access first, as the rows are. */
function heading(name: string, index: number): Html {
  const sort = name === 'Last' ? 'descending' : 'none';
  return html`<th role="columnheader" scope="col" class="${name === 'Count' ? 'number' : ''}" aria-sort="${sort}"><button type="button" data-column="${index}" disabled>${name}</button></th>`;
}

function time(name: string, at: string): Html {
  return html`<td role="cell" data-label="${name}" data-value="${Date.parse(at)}"><span><time datetime="${at}">${timeOf(at)}</time></span></td>`;
}
