import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, POOL } from './campaign-lab.ts';

const home = temporaryFolder();

it('hands out nothing that nearly repeats what models are tested with', async () => {
  const copies = POOL.slice(0, 12).map((item) => ({
    ...item,
    id: `copy of ${item.id}`,
    instruction: `${item.instruction} `.replace(/ $/, '!'),
    output: item.output || 'Nothing.',
  }));
  const config = {
    pool: { files: ['pool.jsonl'], dedupeThreshold: 0.9 },
    labels: { heldOutFiles: ['test.jsonl'] },
    rounds: { most: 1, seed: { strategy: 'random', count: POOL.length } },
  };
  const lab = new CampaignLab(home, 'copies', config);
  lab.writePool('test.jsonl', copies);
  await lab.work((campaign) => campaign.run());
  const handedOut = lab.rows('SELECT instruction_id AS id FROM pick') as { id: string }[];
  const tested = new Set(POOL.slice(0, 12).map(({ id }) => id));
  expect(handedOut.length).toBeGreaterThan(10);
  expect(handedOut.filter(({ id }) => tested.has(id))).toEqual([]);
});
