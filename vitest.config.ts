import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A first synth takes seconds; the embedded AWS takes longer still, and has its own limits.
    testTimeout: 30_000,
  },
});
