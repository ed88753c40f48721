import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { CommandProblem, reportingProblems } from '../../cli/stack/problem.ts';
import { BENCHES } from './benches.ts';
import { renderFigures } from './render-figures.ts';

type Options = { readonly json?: true; readonly write?: string };

/** `npm run bench`: every figure that this project claims, measured here and now. */
const names = Object.keys(BENCHES).join(', ');

await new Command('bench')
  .description('Measure the figures that the README quotes')
  .argument('[names...]', `which (default: all): ${names}`)
  .option('--json', 'one JSON object a line')
  .option('--write <file>', 'write the table to this Markdown file')
  .addHelpText(
    'after',
    `
Figures of time are ratios measured in one run, since machines differ and are shared.

Examples:
  $ npm run bench
  $ npm run bench -- bundles --json

Exit code: 0 every figure is within its limit, 1 one is not, 2 wrong use.`,
  )
  .action((chosen: string[], options: Options) =>
    reportingProblems(async () => {
      const unknown = chosen.filter((name) => !(name in BENCHES));
      if (unknown.length > 0)
        throw new CommandProblem(`There is no bench ${unknown.join(', ')}. There are: ${names}.`, 2);
      const figures = [];
      for (const [name, run] of Object.entries(BENCHES)) {
        if (chosen.length > 0 && !chosen.includes(name)) continue;
        process.stderr.write(`measuring ${name}\n`);
        figures.push(...(await run((text) => process.stderr.write(`  ${text}\n`))));
      }
      const lines = renderFigures(figures);
      for (const line of options.json === true ? figures.map((figure) => JSON.stringify(figure)) : lines) {
        process.stdout.write(`${line}\n`);
      }
      if (options.write !== undefined) await writeFile(options.write, `${lines.join('\n')}\n`);
      if (figures.some(({ within }) => within === false)) process.exitCode = 1;
    }),
  )
  .parseAsync();
