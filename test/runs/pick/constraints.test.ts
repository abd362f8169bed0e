import { expect, it } from 'vitest';
import { describeStep } from '../../../src/cli/output/describe-step.ts';
import { pick } from '../../../src/index.ts';
import { CampaignLab, isStep, POOL } from '../../campaign/campaign-lab.ts';
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

it('leaves out items by id, merged records among them, and names ids that are not in the pool', async () => {
  const pool = [...records.slice(0, 6), { ...records[0]!, id: 'the same text' }];
  const excludeIds = [records[1]!.id, 'the same text', 'typo'];
  const { picks, summary } = await pick({ ...base, pool, excludeIds, strategy: 'random', count: 4 });
  expect(picks.map(({ instruction }) => instruction.id).sort()).toEqual(
    records
      .slice(2, 6)
      .map(({ id }) => id)
      .sort(),
  );
  expect(summary.notes.map(String)).toContain('1 id of excludeIds is not in the pool: typo.');
  const joined = await pick({ ...base, pool, excludeIds: ['a,b'], strategy: 'random', count: 4 });
  expect(joined.summary.notes.map(String)).toContain(
    '1 id of excludeIds is not in the pool: a,b. Give each id by itself.',
  );
  await expect(pick({ ...base, pool, excludeIds, strategy: 'random', count: 5 })).rejects.toThrow(
    'only 4 can be picked without those of excludeIds',
  );
  await expect(
    pick({ ...base, pool, excludeIds, mustInclude: [records[1]!.id], strategy: 'random', count: 2 }),
  ).rejects.toThrow('cannot be picked');
});

it.each(['random', 'k-center'])('keeps to limits of two fields at once by %s', async (strategy) => {
  const pool = records.map((record, at) => ({ ...record, channel: `c${at % 7}` }));
  const { picks } = await pick({ ...base, pool, strategy, count: 7, atMost: ['user=1', 'channel=1'] });
  for (const field of ['user', 'channel']) {
    expect(new Set(picks.map(({ instruction }) => instruction.record[field])).size).toBe(7);
  }
});

it('names the limits that leave too few', async () => {
  const options = { ...base, count: 12, atMost: ['user=1', 'lang=9'] };
  await expect(pick({ ...options, strategy: 'random' })).rejects.toThrow(
    'only 10 can be picked with at most 1 per user and at most 9 per lang.',
  );
});

it('leaves ids out of the rounds of a campaign, and says that random draws are outside the quotas', async () => {
  const excludeIds = records.slice(0, 30).map(({ id }) => id);
  const lab = new CampaignLab(folder, 'excluded', {
    pool: { files: ['pool.jsonl'], dedupeThreshold: 0, quota: ['lang=en:50%'], excludeIds: [...excludeIds, 'typo'] },
    labels: { test: 2 },
    rounds: { most: 1, control: 0.2, seed: { strategy: 'k-center', count: 5 } },
  });
  lab.writePool('pool.jsonl', records);
  const results = await lab.work((campaign) => lab.play(campaign, { until: isStep('select') }));
  const planned = results.find(isStep('plan-round'))!;
  expect(describeStep(planned)).toBe(
    'Planned a seed round: 4 instructions by k-center, 3 at random (outside the quotas)',
  );
  const notes = 'notes' in planned ? planned.notes.map(String) : [];
  expect(notes).toContain('1 id of excludeIds is not in the pool: typo.');
  const ids = lab.rows<{ id: string }>('SELECT instruction_id AS id FROM pick').map(({ id }) => id);
  expect(ids).toHaveLength(7);
  for (const id of ids) expect(excludeIds).not.toContain(id);
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
