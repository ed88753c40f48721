import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, trusted } from '../../shared/page/html.ts';
import type { BacktestResult } from '../backtest/result.ts';
import type { Totals } from '../backtest/tally.ts';
import { createZonedTime } from '../backtest/zoned-time.ts';
import { plural } from '../terminal/plural.ts';
import { caseTableSection } from './case-table.ts';
import { daySection } from './day-section.ts';
import { heatMapSection } from './heat-map.ts';
import { overview } from './overview.ts';
import { problemSection } from './problem-section.ts';
import { ruleSection } from './rule-section.ts';
import { timelineSection } from './timeline.ts';

const STYLE = readFileSync(join(import.meta.dirname, 'report.css'), 'utf8');
const SCRIPT = readFileSync(join(import.meta.dirname, 'report-page.js'), 'utf8');

/** The browser itself sees to it that the page loads nothing, sends nothing and runs no script but its own. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The report of a backtest: one HTML file that needs nothing beside itself. */
export function renderReport(result: BacktestResult): string {
  const { totals, applied } = result;
  const period = periodOf(totals, applied.policy.alerts.zone);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(CONTENT_SECURITY_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Rescind backtest${period}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#cases">Skip to who would have been contained</a>
<header>
<p class="brand">Rescind</p>
<h1>What would have happened</h1>
<p>${plural(totals.records, 'record')} of CloudTrail in ${plural(totals.files, 'file')}${period}. Answered by ${applied.from}, mode <strong>${applied.policy.mode}</strong>. Nothing was changed to make this report.</p>
</header>
<main>
${overview(result)}
${timelineSection(result)}
${caseTableSection(result)}
${heatMapSection(result)}
${ruleSection(result)}
${daySection(result)}
${problemSection(result)}
</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.text;
}

function periodOf({ firstTime, lastTime }: Totals, zone: string): string {
  const [first, last] = [Date.parse(firstTime ?? ''), Date.parse(lastTime ?? '')];
  if (Number.isNaN(first) || Number.isNaN(last)) return '';
  const zoned = createZonedTime(zone);
  return `, ${zoned(first)} to ${zoned(last)} (${zone})`;
}
