import { findChromium } from './find-chromium.ts';

/** Runs before the browser tests, so that a missing browser is one sentence and not a page of failures. */
const found = findChromium(process.env);
if ('problem' in found) {
  console.error(found.problem);
  process.exitCode = 1;
}
