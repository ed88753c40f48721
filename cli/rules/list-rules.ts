import { answerFor } from '../../shared/config/response.ts';
import { describeOnly } from '../../shared/rules/only/describe-only.ts';
import { colour } from '../terminal/colour.ts';
import { outputWidth, tableLines } from '../terminal/table.ts';
import { attackTechniques } from './attack-tags.ts';
import { loadRules, printJson, problemLine, wholeRules } from './load-rules.ts';
import { readPolicyFile } from './read-policy-file.ts';

/** `rescind rules list`: gives the exit code. Playbook and mode are those that a detection would be answered with. */
export function listRules(
  paths: readonly string[],
  options: { readonly json?: boolean; readonly policy?: string },
): number {
  const { policy, from, context } = readPolicyFile(options.policy);
  const { rules: loaded, problems } = loadRules(paths, context);
  const rules = wholeRules(loaded);
  if (options.json === true) {
    for (const { header, only } of rules) {
      printJson({ kind: 'rule', ...header, ...(only === undefined ? {} : { only }), ...answerFor(policy, header) });
    }
  } else {
    const rows = rules.map(({ header, detection, only }) => {
      const { playbook, mode } = answerFor(policy, header);
      // A rule that only feeds a correlation raises nothing, so that nothing answers it.
      const silent = detection.silent === true;
      return [
        header.level,
        header.title,
        attackTechniques(header.tags).join(' '),
        silent ? 'none: a part' : playbook,
        silent ? '' : mode,
        [...(header.needsReadEvents ? ['read-events'] : []), ...describeOnly(only)].join(', '),
        header.file,
      ];
    });
    const columns = [
      { title: 'LEVEL' },
      { title: 'RULE', shrink: true },
      { title: 'ATT&CK' },
      { title: 'PLAYBOOK' },
      { title: 'MODE' },
      { title: 'NEEDS', shrink: true },
      { title: 'FILE', shrink: true },
    ] as const;
    const [title = '', ...lines] = tableLines(columns, rows, outputWidth(process.stdout));
    console.log(colour.bold(title));
    for (const line of lines) console.log(line);
    console.error(`Playbook and mode by ${from}, whose mode is ${policy.mode}.`);
  }
  for (const problem of problems) console.error(problemLine(problem));
  return problems.length === 0 ? 0 : 1;
}
