// npm run fresh-seeds -- --seeds 10 test/labels test/campaign
// Runs the property tests (of these folders or files, else all) with seeds that they were never run with.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { globSync } from 'tinyglobby';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '10' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const tests = globSync('test/**/*.test.ts', { ignore: ['test/cli/**', 'test/browser/**', 'test/plugins/**'] })
  .filter((file) => /from 'fast-check'|src\/testing\//.test(readFileSync(file, 'utf8')))
  .filter((file) => positionals.length === 0 || positionals.some((part) => file.startsWith(part)));
const failing: string[] = [];
for (let count = values.seed === undefined ? Number(values.seeds) : 1; count > 0; count -= 1) {
  const seed = values.seed ?? String(randomInt(2 ** 31));
  process.stdout.write(`Seed ${seed}\n`);
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'unit', '--reporter=dot', ...tests], {
    stdio: 'inherit',
    env: { ...process.env, FAST_CHECK_SEED: seed },
  });
  if (status !== 0) failing.push(seed);
}
if (failing.length > 0) {
  process.stdout.write(
    `Failed with seed ${failing.join(', ')}. To repeat one: npm run fresh-seeds -- --seed ${failing[0]}\n`,
  );
  process.exitCode = 1;
}
