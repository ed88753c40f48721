import { answerFor } from '../../shared/config/response.ts';
import { printable } from '../../shared/page/printable.ts';
import { whyDormant } from '../../shared/rules/only/why-dormant.ts';
import { LEVELS, type Level } from '../../shared/rules/rule.ts';
import { number, plural } from '../terminal/plural.ts';
import { tableLines } from '../terminal/table.ts';
import { caseSection } from './case-section.ts';
import type { BacktestResult } from './result.ts';
import { named, section } from './section.ts';
import type { Totals } from './tally.ts';

const MAX_ROWS = 25;

/** What a person reads after a backtest. Actors are text from records: made printable here. */
export function summaryLines(result: BacktestResult, width: number): string[] {
  const { totals, rules } = result;
  // Rules that only feed a correlation raise nothing of their own, and are not counted as silent either.
  const raising = rules.filter((rule) => rule.detection.silent !== true);
  const fired = totals.byRule.filter((count) => count > 0).length;
  return [
    `${number(totals.records)} records in ${plural(totals.files, 'file')}${period(totals)}`,
    `${plural(totals.detections, 'detection')} by ${fired} of ${plural(raising.length, 'rule')}, ${plural(totals.byPrincipal.size, 'principal')}; ` +
      `${plural(totals.duplicates, 'duplicate')}, ${number(totals.unreadableCount)} unreadable` +
      (totals.outside > 0 ? `, ${number(totals.outside)} outside the time asked for` : ''),
    ...exceptions(totals),
    ...caseSection(result, width),
    ...ruleTable(result, width),
    ...principalTable(result, width),
    ...dayTable(result, width),
    ...unknownTags(result),
    ...silentRules(result),
    ...named(
      'Unreadable',
      totals.unreadableCount,
      totals.unreadable.map(({ file, index, reason }) => `${file} record ${index}: ${reason}`),
    ),
    ...named(
      'Rules that threw',
      totals.faultCount,
      totals.faults.map(({ file, index, rule, message }) => `${rule} on ${file} record ${index}: ${message}`),
    ),
  ];
}

function ruleTable({ totals, rules, applied }: BacktestResult, width: number): string[] {
  const rows = rules
    .map(({ header }, place) => ({ header, count: totals.byRule[place] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => rank(b.header.level) - rank(a.header.level) || b.count - a.count)
    .map(({ header, count }) => {
      const { playbook, mode } = answerFor(applied.policy, header);
      return [number(count), header.level, header.title, playbook, mode, header.file];
    });
  if (rows.length === 0) return [];
  return section(
    'By rule',
    tableLines(
      [
        { title: 'COUNT', align: 'right' },
        { title: 'LEVEL' },
        { title: 'RULE', shrink: true },
        { title: 'PLAYBOOK' },
        { title: 'MODE' },
        { title: 'FILE', shrink: true },
      ],
      rows,
      width,
    ),
  );
}

function principalTable({ totals, rules }: BacktestResult, width: number): string[] {
  const principals = [...totals.byPrincipal.values()].sort(
    (a, b) => rank(b.level) - rank(a.level) || b.count - a.count,
  );
  if (principals.length === 0) return [];
  const rows = principals
    .slice(0, MAX_ROWS)
    .map(({ actor, count, level, rules: places }) => [
      number(count),
      level,
      printable(actor, 80),
      [...places].map((place) => rules[place]?.header.title ?? '').join('; '),
    ]);
  const more = principals.length - rows.length;
  return [
    ...section(
      'By principal',
      tableLines(
        [
          { title: 'COUNT', align: 'right' },
          { title: 'HIGHEST' },
          { title: 'PRINCIPAL', shrink: true },
          { title: 'RULES', shrink: true },
        ],
        rows,
        width,
      ),
    ),
    ...(more > 0 ? [`and ${plural(more, 'principal')} more: --json lists them all`] : []),
  ];
}

/** The last days; a month fits. */
const MAX_DAYS = 31;

function dayTable({ days, applied }: BacktestResult, width: number): string[] {
  if (days.length === 0) return [];
  const rows = days
    .slice(-MAX_DAYS)
    .map(({ day, detections, cases, alerts }) => [day, number(detections), number(cases), number(alerts)]);
  const more = days.length - rows.length;
  return [
    ...section(
      `By day (${applied.policy.alerts.zone}); ungrouped, each detection would be an alert`,
      tableLines(
        [
          { title: 'DAY' },
          { title: 'DETECTIONS', align: 'right' },
          { title: 'CASES OPENED', align: 'right' },
          { title: 'ALERTS', align: 'right' },
        ],
        rows,
        width,
      ),
    ),
    ...(more > 0 ? [`and ${plural(more, 'day')} before`] : []),
  ];
}

/** What was left out, and by what: `3 detections left out: 2 by change window release 42, 1 by the learning period`. */
function exceptions({ suppressed }: Totals): string[] {
  const all = [...suppressed.values()].reduce((sum, count) => sum + count, 0);
  if (all === 0) return [];
  const each = [...suppressed].map(([by, count]) => `${number(count)} by ${printable(by, 100)}`);
  return [`${plural(all, 'detection')} left out: ${each.join(', ')}`];
}

/** No log tells the tags of what was touched. */
function unknownTags({ rules, applied }: BacktestResult): string[] {
  const asking = rules.filter(({ only }) => only?.sensitive === true);
  return asking.length === 0 || applied.policy.sensitiveTags.length === 0
    ? []
    : [`What is sensitive by a tag is not known to logs: ${plural(asking.length, 'rule')} went by ARNs alone`];
}

function silentRules({ totals, rules, applied }: BacktestResult): string[] {
  const silent = rules.filter((rule, place) => rule.detection.silent !== true && totals.byRule[place] === 0);
  return named(
    'Rules that never fired',
    silent.length,
    silent.map(({ header, only }) => {
      const why = whyDormant(only, applied.policy);
      return why === undefined ? header.title : `${header.title} (cannot fire until ${why})`;
    }),
  );
}

function period({ firstTime, lastTime }: Totals): string {
  return firstTime === undefined || lastTime === undefined
    ? ''
    : `, ${printable(firstTime, 30)} to ${printable(lastTime, 30)}`;
}

function rank(level: Level): number {
  return LEVELS.indexOf(level);
}
