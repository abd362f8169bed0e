import { afterAll, beforeAll, expect } from 'vitest';

// The files of a worker share one process: what a file changed in it and left would change the tests of the next file.

/** Of the tests' runner, which sets them as it goes. */
const OF_VITEST = /^(?:VITEST|TINYPOOL)/;

function processState() {
  const environment = Object.entries(process.env).filter(([name]) => !OF_VITEST.test(name));
  return { folder: process.cwd(), fetch: globalThis.fetch, environment: Object.fromEntries(environment) };
}

let before: ReturnType<typeof processState>;
beforeAll(() => {
  before = processState();
});
afterAll(() => {
  const { folder, fetch, environment } = processState();
  expect({ folder, environment }).toEqual({ folder: before.folder, environment: before.environment });
  expect(fetch, 'globalThis.fetch').toBe(before.fetch);
});
