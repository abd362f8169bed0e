import { expect, test } from 'vitest';
import { shownFields } from '../../src/campaign/shown-fields.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES } from '../../src/labels/registry.ts';
import { atDesk } from '../annotate/desk/desk-lab.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab } from './campaign-lab.ts';

const home = temporaryFolder();

test('fields are found by name and path, and written as text', () => {
  const record = { subject: 'Invoice', meta: { priority: 2, tags: ['a'] }, empty: '', none: null };
  expect(shownFields(record, ['meta.priority', 'subject', 'meta.tags', 'empty', 'none', 'missing'])).toEqual([
    { name: 'meta.priority', value: '2' },
    { name: 'subject', value: 'Invoice' },
    { name: 'meta.tags', value: '["a"]' },
  ]);
});

test('the fields that labels.show names are in every tool’s tasks and on the page, and cost no label', async () => {
  const lab = new CampaignLab(home, 'shown', { labels: { heldOutShare: 0, show: ['subject'] } });
  const pool = Array.from({ length: 8 }, (_, index) => ({
    ...{ id: `q${index}`, instruction: `Answer letter ${index}.`, output: 'Yes.', subject: `Subject no. ${index}` },
  }));
  lab.writePool('pool.jsonl', pool);
  await lab.work(async (campaign) => {
    await campaign.run();
    for (const bridge of BRIDGES) {
      const path = lab.path(`tasks-${bridge.name}${bridge.extension}`);
      await campaign.exportTasks({ tool: bridge.name, path });
      const content = lab.read(`tasks-${bridge.name}${bridge.extension}`);
      for (const { subject } of pool) expect(content, bridge.name).toContain(subject);
      const { foreign, untouched } = bridge.decode(readLabelFile(content, path));
      expect([foreign, untouched.length]).toEqual([[], pool.length]);
    }
    expect(await campaign.importLabels(lab.annotate(1, () => ({ response: 'Yes.' })))).toMatchObject({
      accepted: pool.length,
      otherTexts: [],
    });
  });
  await atDesk(lab, (desk) => {
    const { number } = desk.list('Ann', { filter: 'all', search: '', offset: 0, limit: 1 }).items[0]!;
    const { id, fields } = desk.open('Ann', number);
    expect(fields).toEqual([{ name: 'subject', value: `Subject no. ${id.slice(1)}` }]);
  });
});

test('a field that no record has is an error', async () => {
  const lab = new CampaignLab(home, 'missing', { labels: { heldOutShare: 0, show: ['subjekt'] } });
  await lab.work(async (campaign) => {
    await expect(campaign.run()).rejects.toThrow('No record has a field "subjekt".');
  });
});
