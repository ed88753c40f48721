import { expect, test } from 'vitest';
import { renderContainment } from '../../../cli/contain/render-containment.ts';
import { newCase } from '../../support/case-scene.ts';

const releasing = newCase({ caseId: 'C-1', state: 'releasing' });
const planned = newCase({ caseId: 'C-1', mode: 'observe', outcome: { kind: 'planned' } });

test.each([
  [{ principal: 'mallory' }, '', 'npx rescind contain mallory --enforce'],
  [{ principal: 'mallory', for: '4 h' }, '', 'npx rescind contain mallory --for 4h --enforce'],
  [
    { principal: 'Build', playbook: 'revoke-sessions' },
    ' --local',
    'npx rescind contain Build --playbook revoke-sessions --enforce --local',
  ],
] as const)('the command that carries a plan out takes no more than was planned: %o', (written, flag, command) => {
  const lines = renderContainment({ case: planned }, written, flag);
  expect(lines.at(-1)).toContain(`Carry it out with "${command}";`);
});

test('what is being given back is not told as if it stood', () => {
  const lines = renderContainment({ case: releasing }, { principal: 'mallory' }, '');
  expect(lines).toEqual([
    expect.stringContaining('is releasing'),
    'Access is being given back, or was: "npx rescind case show C-1" says by whom.',
  ]);
});
