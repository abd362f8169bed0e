import { readdirSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPool } from '../../src/records/read-pool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab } from './campaign-lab.ts';

const home = temporaryFolder();

test('every label is written with all that is known of it, and can be imported again', async () => {
  const lab = new CampaignLab(home, 'all', { labels: { heldOutShare: 0, perLabelUsd: 0.25 } });
  await lab.work(async (campaign) => {
    await campaign.run();
    const [a, b] = lab.tasks(1) as [{ id: string; instruction: string }, { id: string }];
    const at = '2026-01-02T03:04:05.000Z';
    await campaign.importLabels(
      lab.writeLabels([
        { id: a.id, response: 'First.', annotator: 'ann', seconds: 4, submitted_at: '2026-01-01' },
        { id: a.id, response: '=Second.', annotator: 'ann', seconds: 9, submitted_at: at },
        { id: b.id, verdict: 'reject', annotator: 'ben', comment: 'Unclear.' },
      ]),
    );
    expect(await campaign.exportLabels(lab.path('labels.jsonl'))).toMatchObject({ labels: 3 });
    const lines = lab.read('labels.jsonl').trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ id, counts }) => [id, counts])).toEqual([
      [a.id, false],
      [a.id, true],
      [b.id, true],
    ]);
    expect(records[1]).toMatchObject({
      ...{ id: a.id, instruction: a.instruction, response: '=Second.', verdict: 'accepted', annotator: 'ann' },
      ...{ seconds: 9, submitted_at: at, cost_usd: 0, round: 1, model: null, model_answer: null },
      messages: [{ role: 'user' }],
      record: { id: a.id, instruction: a.instruction },
    });
    expect(records[2]).toMatchObject({ verdict: 'rejected', response: null, comment: 'Unclear.', cost_usd: 0.25 });
    for (const name of ['labels.csv', 'labels.parquet']) {
      await campaign.exportLabels(lab.path(name));
      const { instructions } = await readPool([lab.path(name)], { fieldsOptional: true });
      expect(instructions[0]!.record).toMatchObject({ id: a.id, 'record.instruction': a.instruction });
    }
    for (const name of ['labels.jsonl', 'labels.csv']) {
      const again = await campaign.importLabels(lab.path(name));
      expect(again, name).toMatchObject({ accepted: 0, rejected: 0, unchanged: 3, otherTexts: [], foreign: [] });
    }
  });
});

test('files and folders with labels, tasks and training data are for their owner alone', async () => {
  const lab = new CampaignLab(home, 'private', { labels: { heldOutShare: 0 } });
  await lab.work(async (campaign) => {
    await campaign.run();
    await campaign.importLabels(lab.annotate(1));
    await campaign.run();
    await campaign.exportLabels(lab.path('labels.csv'));
    await campaign.exportTrainingData('alpaca', lab.path('trained'));
    await campaign.exportTrainingData('parquet', lab.path('trained with parquet'));
  });
  const found = readdirSync(lab.folder, { recursive: true, withFileTypes: true });
  const files = found.map(({ parentPath, name }) => `${parentPath}/${name}`);
  expect(found.filter((entry) => entry.isDirectory()).length).toBeGreaterThan(1);
  const shared = files.filter((path) => (statSync(path).mode & 0o077) !== 0);
  // What the user wrote.
  const own = /\/(?:pool\.jsonl|winnow\.yaml|[^/]*answers[^/]*|labels-[^/]*)$/;
  expect(files.length).toBeGreaterThan(6);
  expect(shared.filter((path) => !own.test(path))).toEqual([]);
});
