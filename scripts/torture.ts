// npm run torture -- --minutes 10 (or --hours 8) --seed 7 --trial killed-pick
// Kills, caps, usage that lies, bad replies and damaged states, against the built program and local servers, until the time is up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/math/random.ts';
import { trialFolder } from '../test/torture/trial.ts';
import { TRIALS } from '../test/torture/trials.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    hours: { type: 'string' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    trial: { type: 'string', multiple: true, default: Object.keys(TRIALS) },
  },
});
const unknown = values.trial.filter((name) => !Object.hasOwn(TRIALS, name));
if (unknown.length > 0)
  throw new Error(`There is no trial ${unknown.join(', ')}, only ${Object.keys(TRIALS).join(', ')}.`);

process.env.WINNOW_LONGEST_WAIT_MS ??= String(60 * 60_000);
const started = performance.now();
const minutes = values.hours === undefined ? Number(values.minutes) : 60 * Number(values.hours);
if (!(minutes > 0)) throw new Error('The time must be a number above 0: --minutes 10 or --hours 8.');
const isTimeLeft = () => performance.now() - started < minutes * 60_000;
for (let number = Number(values.first); isTimeLeft(); number += 1) {
  for (const name of values.trial) {
    if (!isTimeLeft()) break;
    const path = mkdtempSync(join(tmpdir(), `winnow-torture-${name}-`));
    const lab = { folder: trialFolder(path), random: seededRandom(Number(values.seed), name, number) };
    try {
      const happened = await TRIALS[name]!.run(lab, 5 * TRIALS[name]!.share);
      process.stdout.write(`${name} ${number}: ${happened}\n`);
    } catch (error) {
      const again = `npm run torture -- --trial ${name} --seed ${values.seed} --first ${number}`;
      process.stdout.write(`${name} ${number} failed. The files are in ${path}; to see it again: ${again}\n`);
      throw error;
    }
    rmSync(path, { recursive: true, force: true });
  }
}
