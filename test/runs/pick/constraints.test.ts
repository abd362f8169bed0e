import { expect, it } from 'vitest';
import { pick } from '../../../src/index.ts';
import { CampaignLab, POOL } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const records = POOL.map((item, at) => ({
  ...item,
  lang: at % 4 === 0 ? 'de' : 'en',
  user: `u${at % 10}`,
  open: at < 36,
}));
const base = { pool: records, state: ':memory:', cacheFolder: folder.file('cache'), dedupeThreshold: 0 };
const limits = {
  where: ['open=true'],
  quota: ['lang=en:75%,de:25%'],
  atMost: ['user=2'],
  mustInclude: [records[5]!.id],
};

it.each(['random', 'k-center', 'selectllm', 'facility-location'])('picks within limits by %s', async (strategy) => {
  const { picks } = await pick({ ...base, ...limits, strategy, count: 12 });
  const picked = picks.map(({ instruction }) => instruction.record);
  expect(picked.filter(({ lang }) => lang === 'de')).toHaveLength(3);
  expect(picked[0]!.id).toBe(records[5]!.id);
  expect(picked.every(({ open }) => open)).toBe(true);
  for (const { user } of picked) expect(picked.filter((other) => other.user === user).length).toBeLessThanOrEqual(2);
});

it('explains what cannot be had', async () => {
  await expect(pick({ ...base, count: 30, quota: ['lang=de:50%'] })).rejects.toThrow(
    'The quota asks for 15 items with lang de, but only 10 can be picked.',
  );
  await expect(pick({ ...base, count: 30, where: ['lang=de'] })).rejects.toThrow('only 10 match the filter');
  await expect(pick({ ...base, count: 3, mustInclude: ['nowhere'] })).rejects.toThrow(
    '"nowhere" must be included but is not in the pool',
  );
});

it('holds in the rounds of a campaign', async () => {
  const lab = new CampaignLab(folder, 'campaign', {
    pool: { files: ['pool.jsonl'], dedupeThreshold: 0, ...limits, quota: [], atLeast: ['lang=de:3'] },
    rounds: { most: 1, seed: { strategy: 'k-center', count: 8 } },
  });
  lab.writePool('pool.jsonl', records);
  await lab.work((campaign) => campaign.run());
  const ids = new Set(lab.rows<{ id: string }>('SELECT instruction_id AS id FROM pick').map(({ id }) => id));
  const picked = records.filter(({ id }) => ids.has(id));
  expect(picked).toHaveLength(8);
  expect(picked.every(({ open }) => open)).toBe(true);
  expect(ids.has(records[5]!.id)).toBe(true);
  expect(picked.filter(({ lang }) => lang === 'de').length).toBeGreaterThanOrEqual(3);
});
