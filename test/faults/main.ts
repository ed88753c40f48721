import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { CommandProblem, reportingProblems } from '../../cli/stack/problem.ts';
import type { Figure } from '../bench/figure.ts';
import { renderFigures } from '../bench/render-figures.ts';
import { FAULT_BENCHES, FULL, SMALL } from './benches.ts';
import { LAMBDA_NODE } from './lambda-node.ts';

type Options = { readonly full?: true; readonly seed: string; readonly json?: true; readonly write?: true };

/** `npm run bench:faults`: what a containment survives, shown here and now. */
const names = Object.keys(FAULT_BENCHES).join(', ');
const SHOWN = 10;

await new Command('bench:faults')
  .description('Disturb containments in every known way, and count what breaks')
  .argument('[names...]', `which (default: all): ${names}`)
  .option('--full', 'all of it, some ten minutes; without it the share that the tests run')
  .option('--seed <number>', 'the same number gives the same run', '1')
  .option('--json', 'one JSON object a line')
  .option('--write', 'write the table to test/faults/results.md, which the README quotes')
  .addHelpText(
    'after',
    `
Everything runs here: Rescind's own code and state machine, IAM and the tables in memory, time virtual.
With --full the interleavings run on Node ${LAMBDA_NODE}, as the functions do on Lambda; npm fetches it where another is installed.
A violation is printed with its seed; "--seed" gives it again.

Examples:
  $ npm run bench:faults
  $ npm run bench:faults -- --full
  $ npm run bench:faults -- adversary --seed 7

Exit code: 0 every figure is within its limit, 1 one is not, 2 wrong use.`,
  )
  .action((chosen: string[], { full, seed: text, json, write }: Options) =>
    reportingProblems(async () => {
      const unknown = chosen.filter((name) => !(name in FAULT_BENCHES));
      if (unknown.length > 0)
        throw new CommandProblem(`There is no bench ${unknown.join(', ')}. There are: ${names}.`, 2);
      const seed = Number(text);
      if (!Number.isSafeInteger(seed) || seed < 0)
        throw new CommandProblem(`${text} is no seed: give a whole number.`, 2);
      if (write === true && (full !== true || chosen.length > 0)) {
        throw new CommandProblem('Only the figures of a whole run with --full are written.', 2);
      }
      const figures: Figure[] = [{ bench: 'seed', what: 'every run below begins with it', value: String(seed) }];
      for (const [name, run] of Object.entries(FAULT_BENCHES)) {
        if (chosen.length > 0 && !chosen.includes(name)) continue;
        process.stderr.write(`running ${name} with seed ${seed}\n`);
        const progress = (line: string) => process.stderr.write(`  ${line}\n`);
        const found = await run({ seed, progress, size: full === true ? FULL : SMALL });
        figures.push(...found.figures);
        for (const violation of found.violations.slice(0, SHOWN)) process.stderr.write(`  ${violation}\n`);
        if (found.violations.length > SHOWN) process.stderr.write(`  and ${found.violations.length - SHOWN} more\n`);
      }
      const lines = renderFigures(figures);
      for (const line of json === true ? figures.map((figure) => JSON.stringify(figure)) : lines) {
        process.stdout.write(`${line}\n`);
      }
      if (write === true) await writeFile(join(import.meta.dirname, 'results.md'), `${lines.join('\n')}\n`);
      if (figures.some(({ within }) => within === false)) process.exitCode = 1;
    }),
  )
  .parseAsync();
