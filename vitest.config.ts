import { defineConfig } from 'vitest/config';
import { EndToEndFirst } from './test/support/e2e-first.ts';

export default defineConfig({
  test: {
    reporters: ['default', './test/support/slowest-ten.ts'],
    sequence: { sequencer: EndToEndFirst },
    // On two cores: two workers that wait for an emulator, and one that computes.
    maxWorkers: 3,
    // Node 20 is supported here; without this the AWS SDK prints a paragraph about it from every worker.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          // Files share the modules they import: most of their time went into loading the same ones anew.
          isolate: false,
          // A first synth takes seconds, and many times that on a busy machine; the embedded AWS has its own limits.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/global-setup.ts'],
          // Each wait has a limit of its own, after which it says what it saw; these are for what has none.
          testTimeout: 300_000,
          hookTimeout: 180_000,
          // Some scenarios have to meet a containment under way, which lasts seconds: a busy machine may miss it, and says so.
          retry: 1,
          // The emulator runs one call of a function at a time: more side by side would only queue.
          maxConcurrency: 8,
        },
      },
    ],
  },
});
