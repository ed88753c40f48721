import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRules } from '../../cli/rules/load-rules.ts';
import { buildApp } from '../../infra/build-app.ts';
import { acknowledgementsOf, acknowledgementTable } from '../../infra/checks/acknowledgements.ts';
import { RESIDUAL_POWERS, residualPowerTable } from '../../infra/checks/residual-powers.ts';
import { type Action, partOf, type Requirement } from '../../shared/containment/action.ts';
import { READS } from '../../shared/containment/reads.ts';
import { ACTIONS } from '../../shared/containment/registry.ts';
import { describeOnly } from '../../shared/rules/only/describe-only.ts';
import { HANDLERS, writeFiles } from '../infra/stub-handlers.ts';

const project = join(import.meta.dirname, '..', '..');

/** The tables of the README that are made from the code, by the name between their markers. */
export async function readmeSections(outputFolder: string): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['permissions', permissionTable()],
    ['residual powers', residualPowerTable(RESIDUAL_POWERS)],
    ['rules', ruleTable()],
    ['acknowledgements', await nagTable(outputFolder)],
    ['figures', readFileSync(join(project, 'test', 'bench', 'results.md'), 'utf8').trim()],
    ['faults', readFileSync(join(project, 'test', 'faults', 'results.md'), 'utf8').trim()],
  ]);
}

/** Puts each section between `<!-- generated: NAME -->` and `<!-- end -->`. Throws when the README lacks its place. */
export function withSections(readme: string, sections: ReadonlyMap<string, string>): string {
  return [...sections].reduce((text, [name, body]) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, '<!-- end -->'];
    const start = text.indexOf(begin);
    const stop = text.indexOf(end, start);
    if (start < 0 || stop < 0) throw new Error(`README.md has no place for ${name}: ${begin} … ${end}`);
    return `${text.slice(0, start)}${begin}\n\n${body}\n\n${text.slice(stop)}`;
  }, readme);
}

function permissionTable(): string {
  const rows = Object.values<Action>(ACTIONS).map((action) => {
    const { id, title, requires } = action;
    const of = (phase: 'apply' | 'undo') =>
      requires
        .filter((requirement) => requirement.phase === phase)
        .flatMap((requirement) => requirement.actions.map((action) => `\`${action}\`${markOf(requirement)}`));
    const by = partOf(action);
    return `| \`${id}\` | ${title} | ${by === 'caller' ? 'the caller, `contain --direct`' : by} | ${[...new Set(of('apply'))].join(', ')} | ${[...new Set(of('undo'))].join(', ')} |`;
  });
  const reads = [...new Set(Object.values(READS).flat())].sort().map((read) => `\`${read}\``);
  return [
    '| action | what it does | by | which may | restore may |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    '¹ only the policy `Rescind-Quarantine`, ² any but that one: by the condition `iam:PolicyARN`, and `iam:PermissionsBoundary` for a boundary. ³ only the tag `rescind:held`, by `aws:TagKeys`; contain only where the policy names the organisation’s guard.',
    '',
    `Reads of plan, contain, revert, verify and restore: ${reads.join(', ')}.`,
  ].join('\n');
}

function markOf({ onlyQuarantinePolicy, neverQuarantinePolicy, onlyHeldTag }: Requirement): string {
  if (onlyHeldTag === true) return ' ³';
  return onlyQuarantinePolicy === true ? ' ¹' : neverQuarantinePolicy === true ? ' ²' : '';
}

function ruleTable(): string {
  const { rules, problems } = loadRules([join(project, 'rules')]);
  if (problems.length > 0) throw new Error('The pack does not compile.');
  const rows = [...rules]
    .sort((a, b) => a.header.file.localeCompare(b.header.file))
    .map(({ header: { file, title, level, respond }, only }) => {
      const asks = describeOnly(only).join(', ');
      return `| [${title}](${file}) | ${level} | ${respond ?? 'by policy'} | ${asks} |`;
    });
  return ['| rule | level | playbook | only |', '|---|---|---|---|', ...rows].join('\n');
}

async function nagTable(outputFolder: string): Promise<string> {
  writeFiles(outputFolder, HANDLERS);
  const building = await buildApp({
    policyFile: join(project, 'rescind.yaml'),
    functionsFolder: join(outputFolder, 'functions'),
    local: false,
    outputFolder: join(outputFolder, 'out'),
  });
  if (building.kind === 'problems') throw new Error(building.lines.join('\n'));
  return acknowledgementTable(acknowledgementsOf(building.stack));
}
