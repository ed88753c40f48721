import { answerFor } from '../../shared/config/response.ts';
import { colour } from '../terminal/colour.ts';
import { outputWidth, tableLines } from '../terminal/table.ts';
import { attackTechniques } from './attack-tags.ts';
import { loadRules, printJson, problemLine } from './load-rules.ts';
import { readPolicyFile } from './read-policy-file.ts';

/** `rescind rules list`: gives the exit code. Playbook and mode are those that a detection would be answered with. */
export function listRules(
  paths: readonly string[],
  options: { readonly json?: boolean; readonly policy?: string },
): number {
  const { policy, from } = readPolicyFile(options.policy);
  const { rules, problems } = loadRules(paths);
  if (options.json === true) {
    for (const { header } of rules) printJson({ kind: 'rule', ...header, ...answerFor(policy, header) });
  } else {
    const rows = rules.map(({ header, detection }) => {
      const { playbook, mode } = answerFor(policy, header);
      // A rule that only feeds a correlation raises nothing, so that nothing answers it.
      const silent = detection.silent === true;
      return [
        header.level,
        header.title,
        attackTechniques(header.tags).join(' '),
        silent ? 'none: a part' : playbook,
        silent ? '' : mode,
        header.needsReadEvents ? 'read-events' : '',
        header.file,
      ];
    });
    const columns = [
      { title: 'LEVEL' },
      { title: 'RULE', shrink: true },
      { title: 'ATT&CK' },
      { title: 'PLAYBOOK' },
      { title: 'MODE' },
      { title: 'NEEDS' },
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
