import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { memoryFolder } from './test/support/memory-folder.ts';

function support(...names: readonly string[]): string[] {
  return names.map((name) => fileURLToPath(new URL(`test/support/${name}.ts`, import.meta.url)));
}

/** A safety net for tests that hang. Tests wait for events, so on a busy machine they only take longer. */
const shared = {
  ...{ testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 300_000 } } },
  // No test replaces a module: the files of a worker share what they import, which halves the CPU of a run.
  isolate: false,
  setupFiles: support('nothing-left-behind', 'property-seed'),
};

/** The examples import the package by its name. */
const alias = { 'winnow-ai': fileURLToPath(new URL('src/index.ts', import.meta.url)) };

export default defineConfig({
  test: {
    // What is rendered is compared as plain text, wherever the tests run.
    env: { NO_COLOR: '1', FORCE_COLOR: '', TMPDIR: memoryFolder() },
    // Many tests wait for servers, disks and child processes: more of them at once than there are cores.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/cli/**', 'test/browser/**', 'test/plugins/**'],
          ...shared,
          setupFiles: [...shared.setupFiles, ...support('warm-embedder')],
        },
      },
      {
        // These register plugins, which must be known to no other test.
        resolve: { alias },
        test: { name: 'plugins', include: ['test/plugins/**/*.test.ts'], ...shared, isolate: true },
      },
      {
        // These spawn the built program.
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: ['test/support/build-once.ts'],
          ...shared,
        },
      },
      {
        // These open the built pages in a real browser, or look at a piece of them.
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/build-once.ts'],
          ...shared,
        },
      },
    ],
  },
});
