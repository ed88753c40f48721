import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

export async function launchChromium(): Promise<Browser> {
  const found = findChromium(process.env);
  if ('problem' in found) throw new Error(found.problem);
  return chromium.launch({ executablePath: found.path, chromiumSandbox: false });
}

/** Opens a page, hands it over, and gives what the browser saw meanwhile. */
export async function visitPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<{ requests: string[]; refused: string[]; complaints: string[] }> {
  const context = await browser.newContext(options);
  const [requests, refused, complaints]: [string[], string[], string[]] = [[], [], []];
  try {
    const page = await context.newPage();
    page.on('request', (request) => requests.push(request.url()));
    page.on('requestfailed', (request) => refused.push(`${request.url()} ${request.failure()?.errorText}`));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    await page.goto(url);
    await look(page);
  } finally {
    await context.close();
  }
  return { requests, refused, complaints };
}
