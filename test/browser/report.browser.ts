import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './find-chromium.ts';
import { HOSTILE_NAMES, writeHostileReport } from './hostile-logs.ts';
import { DESKTOP, launchChromium, PHONE, visitPage } from './visit.ts';

const FAULTS = readFileSync(join(import.meta.dirname, 'page-faults.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'rescind-report-'));

let browser: Browser;
let url: string;

beforeAll(async () => {
  browser = await launchChromium();
  url = pathToFileURL(await writeHostileReport(folder)).href;
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const visit = (options: BrowserContextOptions, look: (page: Page) => Promise<void>) =>
  visitPage(browser, url, options, look);

const cases = (page: Page) => page.locator('#case-table tbody tr:visible');
const subjects = (page: Page) => page.locator('#case-table tbody tr:visible th').allTextContents();
const openAll = (page: Page) =>
  page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
const sortBy = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

describe('the report', () => {
  test.each([
    ['on a screen', DESKTOP],
    ['on a phone', PHONE],
  ])('loads nothing but itself and complains of nothing, %s', async (_, options) => {
    const { requests, complaints } = await visit(options, async (page) => {
      await page.mouse.move(200, 400);
      await page.getByRole('searchbox').fill('alice');
      await sortBy(page, 'Alerts');
    });
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
  });

  test('shows what attackers chose as text, and runs none of it', async () => {
    await visit(DESKTOP, async (page) => {
      const shown = await subjects(page);
      for (const name of HOSTILE_NAMES) expect(shown).toContain(`user ${name} account 111122223333`);
      const file = '<img src=x onerror=window.hacked=6>.json, record 0: a record is an object, this is null';
      expect(await page.getByText(file).isVisible()).toBe(true);
      expect(await page.locator('img, iframe, object, embed, link, [onerror], [onload], [onmouseover]').count()).toBe(
        0,
      );
      expect(await page.locator('script').count()).toBe(1);
      expect(await page.evaluate('typeof window.hacked')).toBe('undefined');
    });
  });

  test('would not even be let run it: the browser is told to run this script and no other', async () => {
    const { complaints, refused } = await visit(DESKTOP, async (page) => {
      await page.evaluate(`document.body.append(document.createElement('script'));
        document.body.lastChild.textContent = 'window.hacked = 7';
        document.body.append(Object.assign(new Image(), { src: 'https://attacker.example/x.png' }));`);
      await page.waitForTimeout(200);
      expect(await page.evaluate('typeof window.hacked')).toBe('undefined');
    });
    expect(complaints.join('\n')).toContain('Content Security Policy');
    expect(refused).toEqual(['https://attacker.example/x.png csp']);
  });

  test('finds cases by words in any order, says how many, and finds none where there is none', async () => {
    await visit(DESKTOP, async (page) => {
      const count = page.locator('#shown');
      expect(await count.textContent()).toBe('8 cases');
      await page.getByRole('searchbox', { name: 'Search' }).fill('STOPPED alice');
      expect(await subjects(page)).toEqual(['user alice account 111122223333']);
      expect(await count.textContent()).toBe('1 of 8 cases');
      await page.getByRole('searchbox').fill('nobody of this name');
      expect(await cases(page).count()).toBe(0);
      expect(await count.textContent()).toBe('0 of 8 cases');
    });
  });

  test('shows only cases that ended in one way', async () => {
    await visit(DESKTOP, async (page) => {
      await page.getByRole('combobox', { name: 'Then' }).selectOption('told only');
      expect(await cases(page).count()).toBe(1);
      expect((await subjects(page))[0]).toContain('user bob');
    });
  });

  test('sorts by what is clicked, the other way on a second click, and says so', async () => {
    await visit(DESKTOP, async (page) => {
      const heading = page.getByRole('columnheader', { name: 'Opened', exact: true });
      await sortBy(page, 'Opened');
      expect((await subjects(page))[0]).toContain('user alice');
      expect(await heading.getAttribute('aria-sort')).toBe('ascending');
      await sortBy(page, 'Opened');
      expect((await subjects(page))[0]).toContain('user bob');
      expect(await heading.getAttribute('aria-sort')).toBe('descending');
      await sortBy(page, 'Severity');
      expect((await subjects(page)).at(-1)).toContain('user bob');
      await sortBy(page, 'Severity');
      expect((await subjects(page))[0]).toContain('user bob');
      expect(await heading.getAttribute('aria-sort')).toBe('none');
    });
  });

  test('is whole without its script', async () => {
    await visit({ ...DESKTOP, javaScriptEnabled: false }, async (page) => {
      expect(await cases(page).count()).toBe(8);
      expect(await page.locator('form').isVisible()).toBe(false);
      expect(await page.locator('.chart .wide svg:visible').count()).toBe(3);
    });
  });

  test.each([
    ['on a screen, light', { ...DESKTOP, colorScheme: 'light' as const }],
    ['on a screen, dark', { ...DESKTOP, colorScheme: 'dark' as const }],
    ['on a phone, light', { ...PHONE, colorScheme: 'light' as const }],
    ['on a phone, dark', { ...PHONE, colorScheme: 'dark' as const }],
  ])('can be read: headings, names, texts for pictures, contrast; %s', async (_, options) => {
    await visit(options, async (page) => {
      await openAll(page);
      expect(await page.evaluate(FAULTS)).toEqual([]);
    });
  });

  test('would be found out: a faint text, a field without a label, a picture without a text', async () => {
    await visit(DESKTOP, async (page) => {
      await page.evaluate(`document.querySelector('h1').style.color = '#bbb';
        document.querySelector('label').replaceWith(document.querySelector('#search'));
        document.querySelector('[role="img"]').removeAttribute('aria-label');`);
      expect(await page.evaluate(FAULTS)).toEqual([
        'input "" has no label',
        // One for a screen and one for a phone.
        expect.stringMatching(/^svg ".*" has no text in its place$/),
        expect.stringMatching(/^svg ".*" has no text in its place$/),
        expect.stringMatching(/^h1 "What would have happened" has a contrast of 1\.\d\d$/),
      ]);
    });
  });

  test.each([320, 360, 768, 1280])('needs no scrolling to the side %i pixels wide', async (width) => {
    await visit({ viewport: { width, height: 740 } }, async (page) => {
      await openAll(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });
  });

  test('on a phone the table of cases is still a table to those who listen', async () => {
    await visit(PHONE, async (page) => {
      const table = page.getByRole('table', { name: 'Who would have been contained' });
      expect(await table.getByRole('row').count()).toBe(9);
      const alice = table.getByRole('row', { name: /user alice/ });
      expect(await alice.getByRole('cell').allInnerTexts()).toEqual([
        'high',
        '2026-11-19 02:00:00',
        '2',
        '2',
        'contain',
        'enforce',
        expect.stringContaining('contained'),
        'Trail stopped, deleted or narrowed',
      ]);
    });
  });

  test('is dark where the reader wants dark, its charts too', async () => {
    const colours = (page: Page) =>
      page.evaluate(`[getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.querySelector('.wide svg text')).fill]`);
    await visit({ ...DESKTOP, colorScheme: 'light' }, async (page) => {
      expect(await colours(page)).toEqual(['rgb(246, 247, 249)', 'rgb(28, 36, 48)']);
    });
    await visit({ ...DESKTOP, colorScheme: 'dark' }, async (page) => {
      expect(await colours(page)).toEqual(['rgb(18, 22, 29)', 'rgb(231, 235, 241)']);
    });
  });
});

describe('a missing browser', () => {
  test('is one sentence that says what to do', () => {
    expect(findChromium({}, () => false)).toEqual({
      problem:
        'The browser tests need Chromium: install it (on Debian: apt-get install chromium) or set CHROMIUM to its path.',
    });
    expect(findChromium({ CHROMIUM: '/opt/none' }, () => false)).toEqual({
      problem: 'CHROMIUM names /opt/none, and there is no such file: name the program of Chromium.',
    });
    expect(findChromium({ CHROMIUM: '/opt/chromium' }, () => true)).toEqual({ path: '/opt/chromium' });
  });
});
