import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BENCHES } from './benches.ts';
import type { Figure } from './figure.ts';
import { renderFigures } from './render-figures.ts';
import { readFigures, withFigures } from './written-figures.ts';

const size: Figure = { bench: 'bundles', what: 'size of plan', value: '385 KB' };
const calls: Figure = { bench: 'calls', what: 'mutating calls', value: '4', limit: '1 + 2 + 0 + 1 = 4', within: true };
const late: Figure = { bench: 'latency', what: 'cold', value: '4.2', limit: '4', within: false };

describe('the table of figures', () => {
  test('is read back as it was written', () => {
    const figures = [size, calls, late];
    expect(readFigures(renderFigures(figures).join('\n'))).toEqual(figures);
  });

  test('keeps what was measured before of benches not run now, in the order of the benches', () => {
    const now: Figure = { ...calls, value: '3' };
    expect(withFigures([late, calls, size], [now], ['bundles', 'calls', 'latency'])).toEqual([size, now, late]);
  });

  test('forgets a bench that there is no more', () => {
    expect(withFigures([size, late], [calls], ['bundles', 'calls'])).toEqual([size, calls]);
  });

  test('that the README quotes has every bench that there is', () => {
    const figures = readFigures(readFileSync(join(import.meta.dirname, 'results.md'), 'utf8'));
    expect([...new Set(figures.map(({ bench }) => bench))].sort()).toEqual(Object.keys(BENCHES).sort());
  });
});
