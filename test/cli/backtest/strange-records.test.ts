import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { backtest } from '../../../cli/backtest/backtest.ts';
import type { TimeRange } from '../../../cli/backtest/scan-log-file.ts';
import { runCommand } from '../../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-backtest-strange-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const rules = file(
  'rules.yml',
  `title: Failed
id: failed
logsource: { product: aws, service: cloudtrail }
detection: { a: { eventName: Fail }, condition: a }
---
title: Many
id: many
correlation: { type: event_count, rules: [failed], group-by: [user.name], timespan: 5m, condition: { gte: 2 }, generate: true }
`,
);
const record = (eventID: string, eventTime: string, user: unknown = { name: 'eve' }) => ({
  eventID,
  eventTime,
  eventSource: 's.amazonaws.com',
  eventName: 'Fail',
  awsRegion: 'eu-central-1',
  recipientAccountId: '111122223333',
  user,
});

async function run(path: string, range: TimeRange = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const stream = (into: string[]) => ({ write: (text: string) => into.push(text) > 0, once: () => {} });
  const code = await backtest(
    [path],
    { rules: [rules], json: true, ...range },
    { stdout: stream(out), stderr: stream(err) },
  );
  const lines = out
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line));
  return {
    code,
    lines,
    events: lines.filter(({ kind }) => kind === 'detection').map(({ eventId }) => eventId),
    err: err.join(''),
  };
}

test('a value nested so deep that nothing can write it out groups nothing, and stops nothing', async () => {
  const wrapped = (deep: string): string =>
    JSON.stringify(record('e-deep', '2026-11-20T02:00:00Z', { name: 'XX' })).replace('"XX"', deep);
  const deep = ['['.repeat(100_000) + ']'.repeat(100_000), `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`];
  const plain = ['e-1', 'e-2'].map((id) => JSON.stringify(record(id, '2026-11-20T02:00:00Z')));
  const { lines, events } = await run(file('deep.json', `{"Records":[${[...deep.map(wrapped), ...plain].join(',')}]}`));
  expect(events).toEqual(['e-deep', 'e-deep', 'e-1', 'e-2']);
  expect(lines.filter(({ kind }) => kind === 'correlation')).toMatchObject([
    { ruleId: 'many', events: ['e-1', 'e-2'] },
  ]);
});

describe('a time that is none', () => {
  const times = ['2026-11-20T06:00:00Z', '!', 'zzz', '1', '+275760-09-13T00:00:00Z', '2026-11-20T07:00:00Z'];
  const path = file('times.json', JSON.stringify({ Records: times.map((time, index) => record(`e-${index}`, time)) }));

  test('is neither the first nor the last of a log', async () => {
    const { err } = await run(path);
    expect(err).toContain('2026-11-20T06:00:00Z to 2026-11-20T07:00:00Z');
  });

  test('is within any range, so that nothing is left out unseen', async () => {
    expect((await run(path, { since: '2026-11-20T07:00:00Z' })).events).toEqual(['e-1', 'e-2', 'e-3', 'e-4', 'e-5']);
    expect((await run(path, { until: '2026-11-20T06:00:00Z' })).events).toEqual(['e-1', 'e-2', 'e-3', 'e-4']);
  });
});

test('parts of a second count where a record tells them', async () => {
  const times = ['2026-11-20T05:59:59.9Z', '2026-11-20T06:00:00Z', '2026-11-20T06:00:00.5Z'];
  const path = file('parts.json', JSON.stringify(times.map((time, index) => record(`e-${index}`, time))));
  expect((await run(path, { since: '2026-11-20T06:00:00Z' })).events).toEqual(['e-1', 'e-2']);
  expect((await run(path, { until: '2026-11-20T06:00:00Z' })).events).toEqual(['e-0']);
});

test('log files of a folder are read through links as well', async () => {
  const target = file('elsewhere.log', JSON.stringify([record('e-linked', '2026-11-20T06:00:00Z')]));
  const linked = mkdtempSync(join(folder, 'linked-'));
  symlinkSync(target, join(linked, 'a.json'));
  symlinkSync(join(folder, 'nowhere'), join(linked, 'broken.json'));
  const { code, events, err } = await run(linked);
  expect(events).toEqual(['e-linked']);
  expect(code).toBe(1);
  expect(err).toContain('broken.json');
});

describe('times on the command line', () => {
  const path = file('one.json', JSON.stringify([record('e-1', '2026-11-20T06:00:00Z')]));
  const command = (...options: string[]) =>
    runCommand(['backtest', path, '--rules', rules, '--json', ...options], {
      env: { ...process.env, TZ: 'Europe/Berlin' },
    });

  test('are UTC unless they name a zone, wherever the machine stands', async () => {
    expect((await command('--since', '2026-11-20T06:00:01')).stdout).toBe('');
    expect((await command('--since', '2026-11-20 06:00')).stdout).toContain('e-1');
    expect((await command('--since', '2026-11-20T07:00:00+01:00')).stdout).toContain('e-1');
  });

  test.each([
    [['--since', '2026-02-30'], 'It is a day such as'],
    [['--since', 'Nov 20 2026'], 'It is a day such as'],
    [['--since', '2026-12-01', '--until', '2026-11-01'], 'is not after --since'],
  ])('%j is wrong use', async (options, message) => {
    const { code, stderr } = await command(...options);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
