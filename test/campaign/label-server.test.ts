import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LabelStudio, LEGACY_TOKEN, startLabelStudio } from '../support/label-studio-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, POOL } from './campaign-lab.ts';

const home = temporaryFolder();
let studio: LabelStudio;
beforeAll(async () => {
  studio = await startLabelStudio();
});
afterAll(() => studio.close());

test('campaigns in folders of one name, with items numbered alike, share no project unless they are told to', async () => {
  const name = 'a folder whose name is much longer than a title may be';
  const labs = ['one', 'another'].map((parent) => {
    mkdirSync(home.file(parent));
    return new CampaignLab(home, `${parent}/${name}`, { labels: { tool: 'label-studio', url: studio.url } });
  });
  const [one, another] = [labs[0]!, labs[1]!];
  another.writePool(
    'pool.jsonl',
    POOL.map((record) => ({ ...record, instruction: `Elsewhere: ${record.instruction}` })),
  );
  const environment = { LABEL_STUDIO_API_KEY: LEGACY_TOKEN };
  for (const lab of labs) {
    const result = await lab.work((campaign) => campaign.run(), { environment });
    expect(result).toMatchObject({ step: 'wait-for-labels', because: 'waiting' });
  }
  expect(studio.projects).toHaveLength(2);
  expect(studio.tasks).toHaveLength(16);

  // Opened again, it is the same project still.
  expect(await one.work((campaign) => campaign.pushTasks(), { environment })).toMatchObject({ created: 0, present: 8 });
  expect(studio.projects).toHaveLength(2);
});

test('labels of the tool that stand beside another text are not taken, and a waiting round says so', async () => {
  const [one, another] = ['shared', 'shared too'].map(
    (name) => new CampaignLab(home, name, { labels: { tool: 'label-studio', url: studio.url, project: 'Shared' } }),
  ) as [CampaignLab, CampaignLab];
  const pool = (kind: string) =>
    Array.from({ length: 8 }, (_, index) => ({
      ...{ id: `shared-${index}`, instruction: `Explain the ${kind} no. ${index}.`, output: 'Yes.' },
    }));
  one.writePool('pool.jsonl', pool('word'));
  another.writePool('pool.jsonl', pool('sum'));
  const environment = { LABEL_STUDIO_API_KEY: LEGACY_TOKEN };
  for (const lab of [one, another]) await lab.work((campaign) => campaign.run(), { environment });
  studio.annotate('shared-3', { text: 'An answer.' });
  const waiting = await another.work((campaign) => campaign.next(), { environment });
  expect(waiting).toMatchObject({
    because: 'waiting',
    message: expect.stringContaining('1 pulled record was not imported.'),
  });
  const [refused] = (await another.work((campaign) => campaign.pullLabels(), { environment })).otherTexts;
  expect(refused).toMatchObject({ itemId: 'shared-3', shown: 'Explain the word no. 3.' });
  expect(await one.work((campaign) => campaign.pullLabels(), { environment })).toMatchObject({ accepted: 1 });
});
