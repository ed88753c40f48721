import type { AccessEntry } from '../access/access-entry.ts';
import { subjectLabel } from '../cases/subject.ts';
import { type Html, html } from '../page/html.ts';
import { wholePage } from '../page/whole-page.ts';
import type { ActivityEvent } from './activity.ts';
import type { EvidenceContent } from './activity-log.ts';
import type { Source } from './evidence.ts';

/** The same as the log, for a person: one HTML file that needs nothing beside itself. */
export function activityPage(content: EvidenceContent): string {
  const { case: about, events, from, to, regions, sources } = content;
  const { subject } = about;
  return wholePage({
    title: `Activity of ${subjectLabel(subject)}, case ${about.caseId}`,
    style: STYLE,
    body: html`<header>
<h1>Activity of ${subjectLabel(subject)}</h1>
<dl>
<dt>Case</dt><dd>${about.caseId}, ${about.severity}, opened ${about.openedAt}</dd>
<dt>Subject</dt><dd>${subject.kind === 'beyond' ? subject.key : subject.arn}</dd>
<dt>Account</dt><dd>${subject.account}</dd>
<dt>CloudTrail of</dt><dd>${regions.join(', ')}</dd>
<dt>From, to</dt><dd>${from} to ${to} (UTC)</dd>
<dt>Events</dt><dd>${events.length}</dd>
</dl>
</header>
<main>
<h2>Where this is from, and what it lacks</h2>
<ul>
${sources.map(sourceItem)}
</ul>
<h2>What was done</h2>
${events.length === 0 ? html`<p>Nothing was found.</p>` : eventTable(events)}
</main>`,
  });
}

function sourceItem({ name, events, lacks }: Source): Html {
  return html`<li><strong>${name}</strong>: ${events} events<ul>${lacks.map((each) => html`<li>${each}</li>`)}</ul></li>
`;
}

function eventTable(events: readonly ActivityEvent[]): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="Events">
<table>
<thead><tr><th scope="col">Time (UTC)</th><th scope="col">Who</th><th scope="col">Call</th><th scope="col">Resources</th><th scope="col">Result</th><th scope="col">From</th><th scope="col">MFA</th><th scope="col">Found in</th></tr></thead>
<tbody>
${events.map(eventRow)}
</tbody>
</table>
</div>`;
}

function eventRow({ at, accesses, foundIn, eventId }: ActivityEvent): Html {
  const [first] = accesses;
  if (first === undefined)
    return html`<tr><td>${at}</td><td colspan="7">${eventId}</td></tr>
`;
  return html`<tr class="${first.result}"><td><time datetime="${at}">${at}</time></td><td>${first.who}</td><td>${first.source}<br>${first.action}</td><td>${accesses.map(resourceItem)}</td><td>${first.errorCode ?? first.result}</td><td>${first.via ?? first.sourceIp}<br>${first.userAgent}</td><td>${first.mfa === undefined ? '' : first.mfa ? 'yes' : 'no'}</td><td>${foundIn.join(', ')}</td></tr>
`;
}

function resourceItem({ resource, leftOut }: AccessEntry): Html {
  return html`${resource?.arn}${leftOut === undefined ? '' : ` and ${leftOut} more`}<br>`;
}

const STYLE = `
:root { color-scheme: light dark; --page: #f6f7f9; --ink: #1c2430; --soft: #56606f; --line: #d9dee6; --denied: #a82308; }
@media (prefers-color-scheme: dark) {
  :root { --page: #12161d; --ink: #e7ebf1; --soft: #a4afbf; --line: #343d4a; --denied: #ff8a6c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2rem) 4rem; max-width: 100rem; background: var(--page); color: var(--ink); font: 1rem / 1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; }
dt { color: var(--soft); }
dd { margin: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; min-width: 60rem; font-size: 0.875rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
td:first-child { white-space: nowrap; }
tr.denied td:nth-child(5), tr.failed td:nth-child(5) { color: var(--denied); font-weight: 600; }
`;
