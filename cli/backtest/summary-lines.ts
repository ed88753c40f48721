import pc from 'picocolors';
import { type CompiledRule, LEVELS, type Level, type RuleHeader } from '../../shared/rules/rule.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import type { Totals } from './tally.ts';

const MAX_ROWS = 25;
const MAX_NAMED = 10;

/** What a person reads after a backtest. Actors are text from records: made printable here. */
export function summaryLines(totals: Totals, rules: readonly CompiledRule[], width: number): string[] {
  const headers = rules.map((rule) => rule.header);
  // Rules that only feed a correlation raise nothing of their own, and are not counted as silent either.
  const raising = rules.filter((rule) => rule.detection.silent !== true);
  const fired = totals.byRule.filter((count) => count > 0).length;
  return [
    `${number(totals.records)} records in ${plural(totals.files, 'file')}${period(totals)}`,
    `${plural(totals.detections, 'detection')} by ${fired} of ${plural(raising.length, 'rule')}, ${plural(totals.byPrincipal.size, 'principal')}; ` +
      `${plural(totals.duplicates, 'duplicate')}, ${number(totals.unreadableCount)} unreadable` +
      (totals.outside > 0 ? `, ${number(totals.outside)} outside the time asked for` : ''),
    ...ruleTable(totals, headers, width),
    ...principalTable(totals, headers, width),
    ...silentRules(totals, rules),
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

function ruleTable(totals: Totals, headers: readonly RuleHeader[], width: number): string[] {
  const rows = headers
    .map((header, place) => ({ header, count: totals.byRule[place] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => rank(b.header.level) - rank(a.header.level) || b.count - a.count)
    .map(({ header, count }) => [
      number(count),
      header.level,
      header.title,
      header.respond ?? 'by policy',
      header.file,
    ]);
  if (rows.length === 0) return [];
  return section(
    'By rule',
    tableLines(
      [
        { title: 'COUNT', align: 'right' },
        { title: 'LEVEL' },
        { title: 'RULE', shrink: true },
        { title: 'PLAYBOOK' },
        { title: 'FILE', shrink: true },
      ],
      rows,
      width,
    ),
  );
}

function principalTable(totals: Totals, headers: readonly RuleHeader[], width: number): string[] {
  const principals = [...totals.byPrincipal.values()].sort(
    (a, b) => rank(b.level) - rank(a.level) || b.count - a.count,
  );
  if (principals.length === 0) return [];
  const rows = principals
    .slice(0, MAX_ROWS)
    .map(({ actor, count, level, rules }) => [
      number(count),
      level,
      printable(actor, 80),
      [...new Set([...rules].map((place) => headers[place]?.respond ?? 'by policy'))].sort().join(', '),
      [...rules].map((place) => headers[place]?.title ?? '').join('; '),
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
          { title: 'PLAYBOOKS' },
          { title: 'RULES', shrink: true },
        ],
        rows,
        width,
      ),
    ),
    ...(more > 0 ? [`and ${plural(more, 'principal')} more: --json lists them all`] : []),
  ];
}

function silentRules(totals: Totals, rules: readonly CompiledRule[]): string[] {
  const silent = rules.filter((rule, place) => rule.detection.silent !== true && totals.byRule[place] === 0);
  return named(
    'Rules that never fired',
    silent.length,
    silent.map(({ header }) => header.title),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  const [heading = '', ...rest] = lines;
  return ['', pc.bold(title), pc.dim(heading), ...rest];
}

function named(title: string, count: number, lines: readonly string[]): string[] {
  if (count === 0) return [];
  const shown = lines.slice(0, MAX_NAMED).map((line) => `  ${printable(line, 300)}`);
  return [
    '',
    pc.bold(`${title} (${number(count)})`),
    ...shown,
    ...(count > shown.length ? [`  and ${number(count - shown.length)} more`] : []),
  ];
}

function period({ firstTime, lastTime }: Totals): string {
  return firstTime === undefined || lastTime === undefined
    ? ''
    : `, ${printable(firstTime, 30)} to ${printable(lastTime, 30)}`;
}

function rank(level: Level): number {
  return LEVELS.indexOf(level);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function plural(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}
