import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pick } from '../../../../src/index.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder();

/** Eight requests in the same words: only the responses show that half are about cooking, half about space. */
const COOKING = [
  'Fry the onions in butter until they are golden, add flour and milk, and season the sauce with salt.',
  'Knead the dough, let the bread rise in a warm kitchen and bake it in the oven for forty minutes.',
  'Chop the tomatoes and garlic, simmer the soup on the stove and serve it with fresh basil.',
  'Whisk eggs and sugar, fold in the melted chocolate and bake the cake until it is done.',
];
const SPACE = [
  'The rocket left its orbit around the Earth and the spacecraft landed on the surface of the Moon.',
  'Astronomers pointed the telescope at a distant galaxy and measured the light of its stars.',
  'The planet Jupiter has dozens of moons, and a probe flew past them to photograph their craters.',
  'Astronauts on the space station orbit the Earth every ninety minutes and study gravity.',
];

describe('car, on vectors of instruction and response', () => {
  it('finds topics that only the responses show', async () => {
    // The requests change places with the topics: by them alone, two clusters would be those of the wording.
    const requests = [
      'Say more.',
      'Say more!',
      'Please write a long continuation of it.',
      'Please write it at length.',
    ];
    const records = [...COOKING, ...SPACE].map((output, index) => ({
      instruction: requests[index % 4],
      output,
      // Cooking is always better: without clusters of its own, space would not be picked.
      rating: index < 4 ? 9 - index : 4 - (index % 4),
    }));
    const path = folder.file('pairs.jsonl');
    writeFileSync(path, records.map((record) => JSON.stringify(record)).join('\n'));
    const { picks } = await pick({
      pool: path,
      count: 2,
      strategy: 'car',
      strategyOptions: { scoreField: 'rating', top: 0 },
      embedder: 'minilm',
      dedupeThreshold: 0,
      state: ':memory:',
      cacheFolder: folder.file('cache'),
    });
    expect(picks.map(({ instruction }) => instruction.record.output)).toEqual([COOKING[0], SPACE[0]]);
  });
});
