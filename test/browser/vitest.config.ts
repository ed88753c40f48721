import { defineConfig } from 'vitest/config';

/** Apart from `npm test`, which must run where no browser is. */
export default defineConfig({
  test: { name: 'browser', include: ['test/browser/**/*.browser.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
});
