import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type BacktestOptions, backtest } from '../../../cli/backtest/backtest.ts';
import { runCommand } from '../../support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));

const user = {
  type: 'IAMUser',
  principalId: 'AIDA1',
  arn: 'arn:aws:iam::111122223333:user/eve',
  accountId: '111122223333',
  userName: 'eve',
};
const stop = {
  eventID: 'e-stop',
  eventTime: '2026-11-20T02:16:00Z',
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: 'StopLogging',
  userIdentity: user,
};
const quiet = { ...stop, eventID: 'e-quiet', eventName: 'DescribeTrails', eventTime: '2026-11-20T02:00:00Z' };

function logs(name: string, files: Record<string, unknown>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(path, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return path;
}

function output(): { stdout: Capture; stderr: Capture } {
  return { stdout: capture(), stderr: capture() };
}

type Capture = { text: string; write: (text: string) => boolean; once: () => void };

function capture(): Capture {
  const stream: Capture = {
    text: '',
    write: (text) => {
      stream.text += text;
      return true;
    },
    once: () => {},
  };
  return stream;
}

async function run(
  paths: readonly string[],
  options: Partial<BacktestOptions> = {},
): Promise<{ code: number; out: string; err: string }> {
  const to = output();
  const code = await backtest(paths, { rules: ['rules'], ...options }, to);
  return { code, out: to.stdout.text, err: to.stderr.text };
}

describe('rescind backtest', () => {
  const path = logs('twice', {
    'a.json': { Records: [quiet, stop] },
    'b.json': { Records: [stop, { ...stop, eventID: 'e-late', eventTime: '2026-11-21T00:00:00Z' }] },
    'notes.txt': 'not a log',
  });

  test('prints one object for each detection, and marks an event that came before', async () => {
    const { code, out } = await run([path], { json: true });
    const lines = out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const detection = {
      kind: 'detection',
      ruleId: 'e1e354ee-4e21-4f9e-acd3-a876c112af9b',
      ruleFile: 'rules/defence-evasion/trail-stopped-or-narrowed.yml',
      title: 'Trail stopped, deleted or narrowed',
      level: 'high',
      eventName: 'StopLogging',
      actor: 'eve',
    };
    expect(lines).toEqual([
      {
        ...detection,
        eventId: 'e-stop',
        eventTime: '2026-11-20T02:16:00Z',
        source: { file: join(path, 'a.json'), index: 1 },
      },
      {
        ...detection,
        eventId: 'e-stop',
        eventTime: '2026-11-20T02:16:00Z',
        source: { file: join(path, 'b.json'), index: 0 },
        duplicate: true,
      },
      {
        ...detection,
        eventId: 'e-late',
        eventTime: '2026-11-21T00:00:00Z',
        source: { file: join(path, 'b.json'), index: 1 },
      },
    ]);
    expect(code).toBe(0);
  });

  test('says the same with several threads as with one', async () => {
    const alone = await run([path], { json: true, workers: 1 });
    const together = await run([path], { json: true, workers: 2 });
    expect(together).toEqual(alone);
    expect(together.out).toContain('e-late');
  });

  test('counts an event once in its tables', async () => {
    const { code, out } = await run([path]);
    expect(out).toContain('4 records in 2 files, 2026-11-20T02:00:00Z to 2026-11-21T00:00:00Z');
    expect(out).toContain('2 detections by 1 of ');
    expect(out).toContain('1 principal; 1 duplicate, 0 unreadable');
    expect(out).not.toContain('\u001b');
    expect(code).toBe(0);
  });

  test('prints correlations with their events, counting an event that came twice once', async () => {
    const denied = (id: string, seconds: number) => ({
      ...quiet,
      eventID: id,
      eventTime: `2026-11-20T02:00:0${seconds}Z`,
      errorCode: 'AccessDenied',
    });
    const denials = logs('denied', {
      'a.json': { Records: [denied('d-1', 1), denied('d-3', 3), denied('d-1', 1)] },
      'b.json': { Records: [denied('d-2', 2)] },
    });
    const rules = logs('bursts', {
      'burst.yml': `title: Denied
name: denied
logsource: {product: aws, service: cloudtrail}
detection: {a: {errorCode: AccessDenied}, condition: a}
---
title: Denied burst
id: burst
level: medium
correlation: {type: event_count, rules: [denied], group-by: [userIdentity.arn], timespan: 1m, condition: {gte: 3}}
`,
    });
    const { out } = await run([denials], { json: true, rules: [rules] });
    expect(
      out
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      {
        kind: 'correlation',
        ruleId: 'burst',
        ruleFile: join(rules, 'burst.yml'),
        title: 'Denied burst',
        level: 'medium',
        eventId: 'd-3',
        eventTime: '2026-11-20T02:00:03Z',
        eventName: 'DescribeTrails',
        actor: 'eve',
        source: { file: join(denials, 'a.json'), index: 1 },
        events: ['d-1', 'd-2', 'd-3'],
      },
    ]);
  });

  test('leaves out what is before --since or not before --until', async () => {
    expect((await run([path], { since: '2026-11-21T00:00:00Z' })).out).toContain('1 detection by 1 of ');
    expect((await run([path], { until: '2026-11-20T02:16:00Z' })).out).toContain('0 detections by 0 of ');
  });

  test('fails with --fail-on only when a detection is that severe', async () => {
    expect((await run([path], { failOn: 'high' })).code).toBe(1);
    expect((await run([path], { failOn: 'critical' })).code).toBe(0);
  });

  test('names records that it could not read, keeps the rest, and exits 1', async () => {
    const damaged = logs('damaged', {
      'a.jsonl': `${JSON.stringify(stop)}\n{"half":\n`,
      'b.json': { Records: [null] },
    });
    const { code, out } = await run([damaged]);
    expect(out).toContain('1 detection by 1 of ');
    expect(out).toContain(`${damaged}/a.jsonl record 1: the JSON is cut off`);
    expect(out).toContain(`${damaged}/b.json record 0: a record is an object, this is null`);
    expect(code).toBe(1);
  });

  test('keeps to itself what a record would do to a terminal', async () => {
    const hostile = logs('hostile', {
      'a.json': { Records: [{ ...stop, userIdentity: { ...user, userName: 'eve\u001b[2J\nroot' } }] },
    });
    const { out } = await run([hostile]);
    expect(out).toContain('eve\\u{1b}[2J\\u{a}root');
    expect(out).not.toContain('\u001b');
  });

  test('runs the sound rules when others are broken, and says which', async () => {
    const rules = logs('rules', {
      'good.yml':
        'title: Any stop\nid: my-stop\nlogsource: {product: aws, service: cloudtrail}\ndetection: {a: {eventName: StopLogging}, condition: a}\nlevel: low\n',
      'bad.yml': 'title: Broken\nlogsource: {product: aws}\ndetection: {a: {x|y: 1}, condition: a}\n',
    });
    const { code, out, err } = await run([path], { rules: [rules] });
    expect(out).toContain('Any stop');
    expect(err).toContain('bad.yml:3:17 there is no modifier `y`');
    expect(code).toBe(0);
  });

  test.each([
    ['a path that is not there', [join(folder, 'nowhere')], 'there is no such file or folder'],
    ['an empty path', [''], 'cannot read an empty path'],
    ['a folder without logs', [logs('no-logs', { 'readme.txt': 'x' })], 'holds no CloudTrail logs'],
    ['an empty file', [join(logs('empty', { 'a.json': '' }), 'a.json')], 'is empty'],
  ])('refuses %s', async (_, paths, message) => {
    await expect(run(paths)).rejects.toThrow(message);
  });

  test('refuses rules that are not there', async () => {
    await expect(run([path], { rules: [join(folder, 'nope')] })).rejects.toThrow('there is no such file or folder');
  });

  test.each([
    ['a path that is not there', [join(folder, 'nowhere')], 'there is no such file or folder'],
    ['wrong options', [path, '--fail-on', 'dire'], 'It is one of informational, low, medium, high, critical.'],
  ])('ends with 2 and one sentence for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await runCommand(['backtest', ...args]);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
