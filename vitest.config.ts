import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './test/support/slowest-ten.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          // A first synth takes seconds; the embedded AWS takes longer still, and has its own limits.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/global-setup.ts'],
          // Scenarios wait for one emulator, side by side; each wait has a limit of its own that says what it saw.
          testTimeout: 300_000,
          hookTimeout: 180_000,
          maxConcurrency: 20,
        },
      },
    ],
  },
});
