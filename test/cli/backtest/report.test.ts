import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { backtest } from '../../../cli/backtest/backtest.ts';
import { html } from '../../../shared/page/html.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const log = join(folder, 'log.json');
writeFileSync(
  log,
  JSON.stringify({
    eventID: 'e-1',
    eventTime: '2026-11-20T02:16:00Z',
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    awsRegion: 'us-east-1',
    recipientAccountId: '111122223333',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEVE',
      arn: 'arn:aws:iam::111122223333:user/eve',
      accountId: '111122223333',
      userName: '<b>eve</b>',
    },
  }),
);

async function reportOf(options: { since?: string } = {}): Promise<string> {
  const report = join(folder, 'report.html');
  const silent = { write: () => true, once: () => {} };
  await backtest([log], { rules: ['rules'], report, ...options }, { stdout: silent, stderr: silent });
  return readFileSync(report, 'utf8');
}

describe('rescind backtest --report', () => {
  test('writes one page in which the text of a record is text', async () => {
    const page = await reportOf();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('user &lt;b&gt;eve&lt;/b&gt;');
    expect(page).not.toContain('<b>eve</b>');
    expect(page).toContain('<time datetime="2026-11-20T02:16:00.000Z">2026-11-20 02:16:00</time>');
    expect(page).toContain('Trail stopped, deleted or narrowed');
    expect(page).toContain('href="https://attack.mitre.org/techniques/T1562/008/"');
  });

  test('names nothing to load', async () => {
    expect(await reportOf()).not.toMatch(/\ssrc=|<link|@import|url\(/);
  });

  test('has a page for logs in which nothing was found', async () => {
    const page = await reportOf({ since: '2027-01-01' });
    expect(page).toContain('Nobody: no detection would have opened a case.');
    expect(page).toContain('No rule fired.');
  });

  test('is refused before anything is read where the file cannot be written', async () => {
    const silent = { write: () => true, once: () => {} };
    const report = join(folder, 'nowhere', 'report.html');
    await expect(backtest([log], { rules: ['rules'], report }, { stdout: silent, stderr: silent })).rejects.toThrow(
      `cannot write the report ${report}`,
    );
  });
});

describe('markup', () => {
  test.each([
    ['tags', '<script>', '&lt;script&gt;'],
    ['the end of an attribute', `" '`, '&quot; &#39;'],
    ['entities', '&lt;', '&amp;lt;'],
    ['controls and marks that turn the direction', '\u0000\u202e', '\\u{0}\\u{202e}'],
  ])('escapes %s', (_, text, escaped) => {
    expect(html`<p title="${text}">${text}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`);
  });
});
