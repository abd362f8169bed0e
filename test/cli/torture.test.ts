import { expect, it } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { trialFolder } from '../torture/trial.ts';
import { TRIALS } from '../torture/trials.ts';

const SEED = 1;
const folder = temporaryFolder();

/** A short share of `npm run torture`, the same in every run. */
it.concurrent.each(Object.entries(TRIALS))('%s', async (name, trial) => {
  const lab = { folder: trialFolder(folder.file(name)), random: seededRandom(SEED, name, 0) };
  expect(await trial.run(lab, trial.share)).toMatch(/^\d+ /);
});
