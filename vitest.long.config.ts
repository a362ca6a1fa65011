import { defineConfig } from 'vitest/config';

/** What takes longer than the everyday suite may: chaos, scale and whole-machine scenarios. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 900_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    passWithNoTests: false,
  },
});
