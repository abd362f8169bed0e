import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** A safety net for tests that hang. Tests wait for events, so on a busy machine they only take longer. */
const timeouts = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 300_000 } } };

export default defineConfig({
  test: {
    // What is rendered is compared as plain text, wherever the tests run.
    env: { NO_COLOR: '1', FORCE_COLOR: '' },
    // Many tests wait for servers, disks and child processes: more of them at once than there are cores.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        // The examples import the package by its name.
        resolve: { alias: { winnow: fileURLToPath(new URL('src/index.ts', import.meta.url)) } },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/cli/**', 'test/browser/**'],
          ...timeouts,
        },
      },
      {
        // These spawn the built program.
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: ['test/support/build-once.ts'],
          ...timeouts,
        },
      },
      {
        // These open the built pages in a real browser, or look at a piece of them.
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/build-once.ts'],
          ...timeouts,
        },
      },
    ],
  },
});
