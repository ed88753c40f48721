import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { CommandProblem, reportingProblems } from '../../cli/stack/problem.ts';
import { BENCHES } from './benches.ts';
import type { Figure } from './figure.ts';
import { renderFigures } from './render-figures.ts';
import { readFigures, withFigures } from './written-figures.ts';

type Options = { readonly json?: true; readonly write?: string };

/** `npm run bench`: every figure that this project claims, measured here and now. */
const names = Object.keys(BENCHES).join(', ');

await new Command('bench')
  .description('Measure the figures that the README quotes')
  .argument('[names...]', `which (default: all): ${names}`)
  .option('--json', 'one JSON object a line')
  .option('--write <file>', 'write the table to this Markdown file; what it says of benches not run now stays')
  .addHelpText(
    'after',
    `
Figures of time are ratios measured in one run, since machines differ and are shared.

Examples:
  $ npm run bench
  $ npm run bench -- engines handler --write test/bench/results.md
  $ npm run bench -- bundles --json

Exit code: 0 every figure is within its limit, 1 one is not, 2 wrong use.`,
  )
  .action((chosen: string[], options: Options) =>
    reportingProblems(async () => {
      const unknown = chosen.filter((name) => !(name in BENCHES));
      if (unknown.length > 0)
        throw new CommandProblem(`There is no bench ${unknown.join(', ')}. There are: ${names}.`, 2);
      const figures: Figure[] = [];
      for (const [name, run] of Object.entries(BENCHES)) {
        if (chosen.length > 0 && !chosen.includes(name)) continue;
        process.stderr.write(`measuring ${name}\n`);
        figures.push(...(await run((text) => process.stderr.write(`  ${text}\n`))));
      }
      const lines = renderFigures(figures);
      for (const line of options.json === true ? figures.map((figure) => JSON.stringify(figure)) : lines) {
        process.stdout.write(`${line}\n`);
      }
      if (options.write !== undefined) await writeTable(options.write, figures);
      if (figures.some(({ within }) => within === false)) process.exitCode = 1;
    }),
  )
  .parseAsync();

async function writeTable(file: string, figures: readonly Figure[]): Promise<void> {
  const before = existsSync(file) ? await readFile(file, 'utf8') : '';
  const lines = renderFigures(withFigures(readFigures(before), figures, Object.keys(BENCHES)));
  await writeFile(file, `${lines.join('\n')}\n`);
}
