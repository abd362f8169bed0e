import { expect, it } from 'vitest';
import { pick } from '../../../src/index.ts';
import { CampaignLab, POOL } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();

const POOL_RECORDS = [
  { id: 'same', instruction: 'Which metal melts at the lowest temperature' },
  { id: 'longer', instruction: 'A riddle first. Then: which metal melts at the lowest temperature? Two sentences.' },
  {
    id: 'earlier',
    messages: [
      { role: 'user', content: 'Which metal melts at the lowest temperature?' },
      { role: 'assistant', content: 'Mercury.' },
      { role: 'user', content: 'And the second?' },
    ],
  },
  { id: 'free-1', instruction: 'Draft a polite reminder about an unpaid invoice.' },
  { id: 'free-2', instruction: 'How long should dough rest before baking?' },
];

it('never picks a test item, what contains one, nor a conversation that asked it earlier', async () => {
  const exclude = [{ instruction: 'Which metal melts at the lowest temperature?' }];
  for (const strategy of ['random', 'k-center']) {
    const options = { pool: POOL_RECORDS, exclude, strategy, state: ':memory:', cacheFolder: folder.file('cache') };
    const { picks, summary } = await pick({ ...options, count: 2 });
    expect(picks.map(({ instruction }) => instruction.id).sort()).toEqual(['free-1', 'free-2']);
    expect(summary.pool).toMatchObject({ heldOut: 3, candidates: 2 });
    expect(summary.heldOut).toEqual([
      { id: 'same', because: 'same text', testFile: 'the given records', testLine: 1 },
      { id: 'longer', because: 'contains it', testFile: 'the given records', testLine: 1 },
      { id: 'earlier', because: 'contains it', testFile: 'the given records', testLine: 1 },
    ]);
    expect(summary.notes.join('\n')).toContain(
      '3 items are held out, because test items repeat in them: same (same text)',
    );
    await expect(pick({ ...options, count: 3 })).rejects.toThrow(
      'only 2 can be picked: test items repeat in 3, which are held out.',
    );
  }
});

it('counts and names what a test item says in other words', async () => {
  const options = { strategy: 'random', count: 1, state: ':memory:', cacheFolder: folder.file('cache') };
  const { summary } = await pick({
    ...options,
    dedupeThreshold: 0.75,
    pool: POOL_RECORDS.slice(3),
    exclude: [{ instruction: 'What time should dough rest prior to baking it?' }],
  });
  expect(summary.heldOut?.map(({ id, because }) => [id, because])).toEqual([['free-2', 'nearly the same meaning']]);
});

it('holds a campaign to it, in rounds and in training', async () => {
  const lab = new CampaignLab(folder, 'campaign', {
    pool: { files: ['pool.jsonl'], exclude: ['excluded.jsonl'], dedupeThreshold: 0 },
    labels: { heldOutFiles: ['test.jsonl'] },
    rounds: { most: 1, seed: { strategy: 'random', count: POOL.length } },
  });
  const [tested, excluded] = [POOL[0]!, POOL[1]!];
  lab.writePool('test.jsonl', [
    { id: 't', instruction: tested.instruction.replace(/[?.]$/, ''), output: 'An answer.' },
  ]);
  lab.writePool('excluded.jsonl', [{ ...excluded, instruction: `Please: ${excluded.instruction} Thank you!` }]);
  const first = await lab.work((campaign) => campaign.next());
  await lab.work((campaign) => campaign.run());
  const handedOut = lab.rows<{ id: string }>('SELECT instruction_id AS id FROM pick').map(({ id }) => id);
  expect(handedOut).toHaveLength(POOL.length - 2);
  expect(handedOut).not.toContain(tested.id);
  expect(handedOut).not.toContain(excluded.id);
  expect(JSON.stringify(first)).toContain('2 items are held out');
});
