import { html } from '../../shared/page/html.ts';
import type { BacktestResult } from '../backtest/result.ts';
import type { Totals } from '../backtest/tally.ts';
import { createZonedTime } from '../backtest/zoned-time.ts';
import { plural } from '../terminal/plural.ts';
import { caseTableSection } from './case-table.ts';
import { daySection } from './day-section.ts';
import { heatMapSection } from './heat-map.ts';
import { overview } from './overview.ts';
import { problemSection } from './problem-section.ts';
import { reportPage } from './report-page.ts';
import { ruleSection } from './rule-section.ts';
import { timelineSection } from './timeline.ts';

/** The report of a backtest: one HTML file that needs nothing beside itself. */
export function renderReport(result: BacktestResult): string {
  const { totals, applied } = result;
  const period = periodOf(totals, applied.policy.alerts.zone);
  return reportPage({
    title: `Rescind backtest${period}`,
    skip: { id: 'cases', text: 'Skip to who would have been contained' },
    heading: 'What would have happened',
    lead: html`${plural(totals.records, 'record')} of CloudTrail in ${plural(totals.files, 'file')}${period}. Answered by ${applied.from}, mode <strong>${applied.policy.mode}</strong>. Nothing was changed to make this report.`,
    main: html`${overview(result)}
${timelineSection(result)}
${caseTableSection(result)}
${heatMapSection(result)}
${ruleSection(result)}
${daySection(result)}
${problemSection(result)}`,
  });
}

function periodOf({ firstTime, lastTime }: Totals, zone: string): string {
  const [first, last] = [Date.parse(firstTime ?? ''), Date.parse(lastTime ?? '')];
  if (Number.isNaN(first) || Number.isNaN(last)) return '';
  const zoned = createZonedTime(zone);
  return `, ${zoned(first)} to ${zoned(last)} (${zone})`;
}
