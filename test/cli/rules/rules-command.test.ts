import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'rescind-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

function rescind(...args: string[]): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, ['cli/rescind.mjs', 'rules', ...args], { encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

function ruleFile(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `title: ${name}\nid: ${name}\nlogsource: {product: aws, service: cloudtrail}\nlevel: low\n${body}`,
  );
  return path;
}

const good = ruleFile('good.yml', 'detection: {a: {eventName: X}, condition: a}\n');
const bad = ruleFile('bad.yml', 'detection: {a: {eventName|like: X}, condition: a}\n');
const wrong = ruleFile(
  'wrong.yml',
  'detection: {a: {eventName: X}, condition: a}\nrescind:\n  tests:\n    - {name: fires on Y, match: true, event: {eventName: Y}}\n',
);

describe('rescind rules', () => {
  test('check prints one line a problem, a count last, and exits 1', () => {
    const { code, out } = rescind('check', good, bad);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/bad\.yml:5:17 there is no modifier `like`: /);
    expect(lines.slice(1)).toEqual(['1 rule, 1 problem']);
    expect(code).toBe(1);
  });

  test('test exits 1 with the file, the line and what happened instead', () => {
    const { code, out } = rescind('test', wrong);
    expect(out).toContain('wrong.yml:8 failed fires on Y: the rule had to fire and stayed silent');
    expect(out).toContain('wrong.yml warning lacks a silent test');
    expect(out).toContain('1 rule, 1 test, 1 failed, 0 problems');
    expect(code).toBe(1);
  });

  test('list and explain answer in JSON, one object a line', () => {
    const listed = rescind('list', good, '--json');
    expect(JSON.parse(listed.out)).toMatchObject({ kind: 'rule', id: 'good.yml', level: 'low' });
    const record = join(folder, 'record.json');
    writeFileSync(record, JSON.stringify({ eventSource: 's', eventName: 'Y' }));
    const explained = rescind('explain', 'good.yml', record, '--rules', good, '--json');
    expect(JSON.parse(explained.out)).toMatchObject({
      holds: false,
      parts: [{ text: 'eventName is "X"', found: ['Y'] }],
    });
    expect([listed.code, explained.code]).toEqual([0, 0]);
  });

  test('a path that is not there is wrong use', () => {
    expect(rescind('check', join(folder, 'nowhere'))).toMatchObject({ code: 2, out: '' });
  });
});
