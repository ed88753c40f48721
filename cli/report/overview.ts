import type { Mode } from '../../shared/config/policy.ts';
import { type Html, html } from '../../shared/page/html.ts';
import type { ReplayedCase } from '../backtest/replay-cases.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { number, plural } from '../terminal/plural.ts';

/** The answer in five figures. */
export function overview({ totals, replay, alerts, applied, rules }: BacktestResult): Html {
  const taken = replay.cases.filter(({ fate }) => fate === 'contained' || fate === 'asked' || fate === 'planned');
  const subjects = new Set(taken.map(({ subject }) => subject.key)).size;
  const fired = totals.byRule.filter((count) => count > 0).length;
  const raising = rules.filter((rule) => rule.detection.silent !== true).length;
  return html`<dl class="figures">
${figure('Subjects contained', number(subjects), containedNote(taken, applied.policy.mode))}
${figure('Cases', number(replay.cases.length), 'one for each subject and day')}
${figure('Alerts', number(alerts.after), `in place of ${number(alerts.before)} without grouping`)}
${figure('Detections', number(totals.detections), `by ${fired} of ${plural(raising, 'rule')}`)}
${figure('Unreadable', number(totals.unreadableCount), `of ${plural(totals.records + totals.unreadableCount, 'record')}`)}
</dl>`;
}

function containedNote(taken: readonly ReplayedCase[], mode: Mode): string {
  if (mode === 'observe') return 'if the mode were enforce; in observe nobody is';
  const count = (fate: ReplayedCase['fate']): number => taken.filter((each) => each.fate === fate).length;
  const parts = [
    [count('contained'), 'at once'],
    [count('asked'), 'once a person approves'],
    [count('planned'), 'if their rules were not held in observe'],
  ] as const;
  const said = parts.filter(([cases]) => cases > 0).map(([cases, how]) => `${plural(cases, 'case')} ${how}`);
  return said.length === 0 ? 'no rule that fired takes anything back' : said.join(', ');
}

function figure(name: string, value: string, note: string): Html {
  return html`<div><dt>${name}</dt><dd><b>${value}</b> <small>${note}</small></dd></div>\n`;
}
