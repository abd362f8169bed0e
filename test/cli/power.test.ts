import { expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const winnow = (...args: string[]) => runCli(args, { cwd: folder.path, environment: { HOME: folder.path } });

it('plan --power says how many test labels tell which difference, without a pool', async () => {
  const { code, stdout } = await winnow('plan', '--power');
  expect(code).toBe(0);
  expect(stdout).toMatch(/10 points +236\n/);
  expect(stdout).toMatch(/ 50 +46–72 % +21\.7 points\n/);
  expect(stdout).toContain('Set labels.test in winnow.yaml');
});

it('plan --power with a number of points gives the labels for it, by the shares it is told', async () => {
  const { stdout } = await winnow('plan', '--power', '5', '--changed', '20', '--failure-rate', '10', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    failureRate: 0.1,
    changed: 0.2,
    differences: [{ points: 5, testLabels: 628 }],
  });
});

it.each([
  [['--power=5', 'pool.jsonl'], '--power reads no pool.'],
  [['--power=0'], '--power is 0.'],
  [['--power', '--changed', '100'], '--changed is 100.'],
  [[], 'No pool is named.'],
  [['pool.jsonl'], '--count is missing.'],
])('plan %j is refused with what to do', async (args, message) => {
  const { code, stderr } = await winnow('plan', ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
