import { subjectLabel } from '../../shared/cases/subject.ts';
import { ACTIONS } from '../../shared/containment/registry.ts';
import { type Html, html } from '../../shared/page/html.ts';
import { LEVELS } from '../../shared/rules/rule.ts';
import { caseNotes, mostSevereFirst } from '../backtest/case-section.ts';
import { isByName } from '../backtest/merge-named-subjects.ts';
import type { ReplayedCase } from '../backtest/replay-cases.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { FATES, type Fate } from '../backtest/settle-case.ts';
import { createZonedTime } from '../backtest/zoned-time.ts';
import { number, plural } from '../terminal/plural.ts';

/** More rows make a browser slow; --json has them all. */
const MAX_ROWS = 2_000;

const COLUMNS = ['Subject', 'Severity', 'Opened', 'Detections', 'Alerts', 'Playbook', 'Mode', 'Then', 'Because of'];

/** Every case that would have been opened: searched, filtered and sorted by the page's own script. */
export function caseTableSection(result: BacktestResult): Html {
  const cases = mostSevereFirst(result.replay.cases).slice(0, MAX_ROWS);
  const missing = result.replay.cases.length - cases.length;
  const notes = caseNotes(result).map((note) => html`<li>${note}</li>\n`);
  const list = notes.length === 0 ? html`` : html`<ul class="notes">${notes}</ul>`;
  if (cases.length === 0) {
    return html`<section aria-labelledby="cases"><h2 id="cases">Who would have been contained</h2>
<p>Nobody: no detection would have opened a case.</p>${list}</section>`;
  }
  const zone = result.applied.policy.alerts.zone;
  const zoned = createZonedTime(zone);
  const titles = new Map(result.rules.map(({ header }) => [header.id, header.title]));
  const fates = [...new Set(cases.map(({ fate }) => fate))];
  return html`<section aria-labelledby="cases">
<h2 id="cases">Who would have been contained</h2>
${list}
<form class="controls" hidden>
<label>Search <input type="search" id="search" autocomplete="off" placeholder="name, rule, playbook"></label>
<label>Then <select id="fate"><option value="">everything</option>${fates.map((fate) => html`<option value="${fate}">${FATES[fate]}</option>`)}</select></label>
<output id="shown" for="search fate">${plural(cases.length, 'case')}</output>
</form>
<table id="case-table" class="cards searched" data-noun="case" role="table" aria-labelledby="cases">
<caption>One row for each case; times in ${zone}</caption>
<thead role="rowgroup"><tr role="row">${COLUMNS.map((name, index) => heading(name, index))}</tr></thead>
<tbody role="rowgroup">
${cases.map((each) => row(each, zoned, titles))}</tbody>
</table>
${missing > 0 ? html`<p>and ${plural(missing, 'case')} more: <code>--json</code> lists them all.</p>` : html``}
</section>`;
}

/** By severity at first, as the rows are. */
function heading(name: string, index: number): Html {
  const sort = name === 'Severity' ? 'descending' : 'none';
  return html`<th role="columnheader" scope="col" class="${classOf(name)}" aria-sort="${sort}"><button type="button" data-column="${index}" disabled>${name}</button></th>`;
}

function row(each: ReplayedCase, zoned: (time: number) => string, titles: ReadonlyMap<string, string>): Html {
  const { subject, severity, openedAt, detections, alerts, playbooks, mode, fate } = each;
  const rules = each.ruleIds.map((id) => titles.get(id) ?? id);
  const byName = isByName(subject) ? ', known by name only' : '';
  return html`<tr role="row" data-fate="${fate}"><th role="rowheader" scope="row">${subjectLabel(subject)} <small>account ${subject.account}${byName}</small></th>
${cell('Severity', html`<span class="level ${severity}">${severity}</span>`, { value: LEVELS.indexOf(severity) })}
${cell('Opened', html`<time datetime="${new Date(openedAt).toISOString()}">${zoned(openedAt)}</time>`)}
${cell('Detections', html`${number(detections)}`, { value: detections })}
${cell('Alerts', html`${number(alerts)}`, { value: alerts })}
${cell('Playbook', html`${playbooks.join(', ')}`)}
${cell('Mode', html`${mode}`)}
${cell('Then', then(each, fate))}
${cell('Because of', because(rules), { value: rules.length })}</tr>
`;
}

function cell(name: string, content: Html, options: { readonly value?: number } = {}): Html {
  return html`<td role="cell" class="${classOf(name)}" data-label="${name}" data-value="${options.value ?? ''}"><span>${content}</span></td>`;
}

function classOf(name: string): string {
  if (name === 'Detections' || name === 'Alerts') return 'number';
  return name === 'Then' || name === 'Because of' ? 'text' : '';
}

function then({ actions, why }: ReplayedCase, fate: Fate): Html {
  const done = actions.map((action) => html`<li>${ACTIONS[action].title}</li>`);
  const reason = why === undefined ? html`` : html` <small>${why}</small>`;
  const steps =
    done.length === 0
      ? html``
      : html`<details><summary>${plural(done.length, 'action')}</summary><ol>${done}</ol></details>`;
  return html`<strong>${FATES[fate]}</strong>${reason}${steps}`;
}

function because(rules: readonly string[]): Html {
  const [only] = rules;
  if (only !== undefined && rules.length === 1) return html`${only}`;
  return html`<details><summary>${plural(rules.length, 'rule')}</summary><ul>${rules.map((rule) => html`<li>${rule}</li>`)}</ul></details>`;
}
