import { defineConfig } from 'vitest/config';

/** The tests that `npm run mutate` runs against every mutant: those of the rooms it mutates, and of what uses them. */
export default defineConfig({
  test: {
    env: { NO_COLOR: '1', FORCE_COLOR: '' },
    include: ['test/{selection,labels,records,store}/**/*.test.ts', 'test/models/metering/**/*.test.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
