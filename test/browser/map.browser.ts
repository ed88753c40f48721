import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessMap } from '../../cli/map/access-map.ts';
import { renderMap } from '../../cli/report/map-page.ts';
import type { AccessSummary } from '../../shared/ports/access-reader.ts';
import { HOSTILE_NAMES } from './hostile-logs.ts';
import { DESKTOP, launchChromium, PHONE, visitPage } from './visit.ts';

const FAULTS = readFileSync(join(import.meta.dirname, 'page-faults.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'rescind-map-'));

const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-??????`;
function summary(principal: string, who: string, arn: string, count: number, last: string): AccessSummary {
  return { principal, who, arn, type: 'AWS::SecretsManager::Secret', first: '2026-10-01T08:00:00.000Z', last, count };
}
/** Twenty people and five secrets, of which alice and a role read two each; the hostile names are people and resources both. */
const SUMMARIES = [
  summary('user:AIDAALICE', 'alice', secret('finance/ledger'), 240, '2026-11-20T02:00:00.000Z'),
  summary('user:AIDAALICE', 'alice', secret('payroll/db'), 12, '2026-11-19T02:00:00.000Z'),
  summary('role:AROANIGHTLY', 'nightly/run-4711', secret('finance/ledger'), 9_000, '2026-11-21T03:00:00.000Z'),
  summary(
    'role:AROANIGHTLY',
    'nightly/run-4711',
    'arn:aws:dynamodb:eu-central-1:111122223333:table/customers',
    400,
    '2026-11-21T03:05:00.000Z',
  ),
  ...Array.from({ length: 12 }, (_, i) =>
    summary(`user:AIDA${i}`, `person-${i}`, secret('payroll/db'), i + 1, `2026-11-0${(i % 9) + 1}T09:00:00.000Z`),
  ),
  ...HOSTILE_NAMES.map((name, i) => summary(`user:AIDAX${i}`, name, secret(name), 30 + i, '2026-11-18T09:00:00.000Z')),
];
const ROWS = SUMMARIES.length;

let browser: Browser;
let url: string;
beforeAll(async () => {
  browser = await launchChromium();
  const file = join(folder, 'map.html');
  const at = new Date('2026-11-21T12:00:00Z');
  writeFileSync(file, renderMap(accessMap(SUMMARIES, 5_000), { account: '111122223333', at }));
  url = pathToFileURL(file).href;
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const visit = (options: BrowserContextOptions, look: (page: Page) => Promise<void>) =>
  visitPage(browser, url, options, look);
const rows = (page: Page) => page.locator('table tbody tr:visible');

describe('the access map', () => {
  test.each([
    ['on a screen', DESKTOP],
    ['on a phone', PHONE],
  ])(
    'loads nothing but itself, complains of nothing and runs nothing that a record brought, %s',
    async (_, options) => {
      const { requests, complaints } = await visit(options, async (page) => {
        for (const name of HOSTILE_NAMES) expect(await rows(page).filter({ hasText: name }).count()).toBe(1);
        expect(await page.locator('img, iframe, link, [onerror], [onload], [onmouseover]').count()).toBe(0);
        expect(await page.evaluate('typeof window.hacked')).toBe('undefined');
      });
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
    },
  );

  test('is a picture with a text, of principals and resources by name, and a table that says the same of each', async () => {
    await visit(DESKTOP, async (page) => {
      const picture = page.getByRole('img');
      expect(await picture.getAttribute('aria-label')).toContain('nightly 9,400');
      const texts = await page.locator('.chart .wide svg text').allTextContents();
      expect(texts).toContain('alice  252');
      expect(texts.some((text) => text.startsWith('dynamodb: table/customers'))).toBe(true);
      expect(await rows(page).count()).toBe(ROWS);
      const nightly = rows(page).filter({ hasText: 'table/customers' });
      expect(await nightly.getByRole('rowheader').innerText()).toMatch(/^nightly\s+role:AROANIGHTLY$/);
      expect(await nightly.getByRole('cell').allInnerTexts()).toEqual([
        expect.stringMatching(/^arn:aws:dynamodb:eu-central-1:111122223333:table\/customers\s/),
        '2026-10-01 08:00:00',
        '2026-11-21 03:05:00',
        '400',
      ]);
    });
  });

  test('is searched and sorted', async () => {
    await visit(DESKTOP, async (page) => {
      await page.getByRole('searchbox', { name: 'Search' }).fill('alice ledger');
      expect(await page.locator('#shown').textContent()).toBe(`1 of ${ROWS} rows`);
      await page.getByRole('searchbox').fill('');
      await page.getByRole('button', { name: 'Count', exact: true }).click();
      expect((await rows(page).allInnerTexts())[0]).toContain('9,000');
    });
  });

  test.each([
    ['on a screen, light', { ...DESKTOP, colorScheme: 'light' as const }],
    ['on a screen, dark', { ...DESKTOP, colorScheme: 'dark' as const }],
    ['on a phone, light', { ...PHONE, colorScheme: 'light' as const }],
    ['on a phone, dark', { ...PHONE, colorScheme: 'dark' as const }],
  ])('can be read: headings, names, texts for pictures, contrast; %s', async (_, options) => {
    await visit(options, async (page) => {
      expect(await page.evaluate(FAULTS)).toEqual([]);
    });
  });

  test.each([320, 360, 768, 1280])('needs no scrolling to the side %i pixels wide', async (width) => {
    await visit({ viewport: { width, height: 740 } }, async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });
  });

  test('says so where nothing is recorded', async () => {
    const file = join(folder, 'empty.html');
    writeFileSync(
      file,
      renderMap(accessMap([], 10), { account: '111122223333', at: new Date('2026-11-21T12:00:00Z') }),
    );
    const { complaints } = await visitPage(browser, pathToFileURL(file).href, DESKTOP, async (page) => {
      expect(await page.getByText('None is recorded').isVisible()).toBe(true);
      expect(await page.evaluate(FAULTS)).toEqual([]);
    });
    expect(complaints).toEqual([]);
  });
});
