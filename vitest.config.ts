import { defineConfig } from 'vitest/config';

/** The honest suite: everything that runs in minutes. What takes longer ends in `.long.test.ts`. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 180_000,
    // Generous: a busy machine is slow, and a condition that holds is seen at once.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 300_000,
    maxWorkers: 2,
    reporters: ['default'],
  },
});
