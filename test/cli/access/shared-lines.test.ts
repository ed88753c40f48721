import { expect, test } from 'vitest';
import { sharedLines } from '../../../cli/access/shared-lines.ts';

const session = {
  accessKeyId: 'ASIACONSOLE',
  holder: 'role:AROAOPS',
  who: 'ops/alice',
  issuedAt: '2026-11-20T02:00:00.000Z',
  depth: 1,
  by: 'name and time',
} as const;

test('only calls that may be of another session are told of, each on one line whatever the session is named', () => {
  expect(sharedLines({ sessions: [session] })).toEqual([]);
  const [line, ...more] = sharedLines({ sessions: [{ ...session, who: 'ops/a\n\u001b[2Jb', shared: true }] });
  expect(more).toEqual([]);
  expect(line).toMatch(/^Calls of ops\/a\\u\{a\}\\u\{1b\}\[2Jb with ASIACONSOLE may be somebody else's/);
});
