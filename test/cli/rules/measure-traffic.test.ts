import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from '../../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-traffic-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function traffic(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout: out, stderr: err } = await runCommand(['rules', 'traffic', ...args]);
  return { code, out, err };
}

const rule = (name: string, detection: string): string =>
  write(
    `${name}.yml`,
    `title: ${name}\nid: ${name}\nlogsource: {product: aws, service: cloudtrail}\ndetection: {a: ${detection}, condition: a}\n`,
  );
const call = (eventSource: string, eventName: string) => ({
  eventSource,
  eventName,
  eventTime: '2026-11-21T12:00:00Z',
});
const logs = write(
  'logs.json',
  JSON.stringify({
    Records: [
      call('iam.amazonaws.com', 'CreateUser'),
      call('iam.amazonaws.com', 'DeleteUser'),
      call('iam.amazonaws.com', 'ListUsers'),
      call('s3.amazonaws.com', 'PutObject'),
    ],
  }),
);
const named = rule('named', '{eventSource: iam.amazonaws.com, eventName: CREATEUSER}');
const open = rule('open', '{userAgent: Strange}');

test('a rule that names its call lets through that call alone', async () => {
  const { code, out } = await traffic(logs, '--rules', named);
  expect(out).toMatch(/^ *25\.0 % +1 +iam +by name, changes +1$/m);
  expect(out).toContain('25.0 % of 4 records would be delivered: 1');
  expect(code).toBe(0);
});

test('a rule that names none lets through everything, and is named', async () => {
  const { code, out } = await traffic(logs, '--rules', open, named);
  expect(out).toMatch(/^ *100\.0 % +4 +any-reads +every call, reading calls too, for: open +2$/m);
  expect(code).toBe(0);
});

test('machines get one object a line', async () => {
  const { out } = await traffic(logs, '--rules', named, '--json');
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      kind: 'pattern',
      name: 'iam',
      narrowed: true,
      readEvents: false,
      delivered: 1,
      share: 0.25,
      ruleIds: ['named'],
    },
    { kind: 'summary', records: 4, delivered: 1, share: 0.25, unreadable: 0 },
  ]);
});

test('logs that are not there are wrong use', async () => {
  expect((await traffic(join(folder, 'nothing'))).code).toBe(2);
});
