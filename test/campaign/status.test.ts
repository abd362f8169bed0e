import { describe, expect, test } from 'vitest';
import { viewCampaign } from '../../src/runs/campaign/campaign.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab } from './campaign-lab.ts';

const home = temporaryFolder();

describe('status', () => {
  const lab = new CampaignLab(home, 'status', { budget: { labels: 14, labelUsd: 10 }, labels: { perLabelUsd: 0.5 } });

  test('before the first step knows of nothing but what to do', async () => {
    const status = await lab.work((campaign) => campaign.status());
    expect(status).toMatchObject({
      folder: lab.folder,
      pool: { files: [], instructions: 0 },
      rounds: [],
      labels: { labeled: 0, rejected: 0, skipped: 0, awaited: 0, agreement: null },
      room: { labels: 14, labelMicroUsd: 10_000_000 },
      next: { step: 'add-pool', round: 1 },
      command: { because: 'reads new pool files' },
      stop: null,
    });
    expect(status.spending.total).toEqual({ settledMicroUsd: 0, reservedMicroUsd: 0 });
  });

  test('in the middle says what is awaited, what is set aside for it, and which command brings it in', async () => {
    const status = await lab.work(async (campaign) => {
      await campaign.run();
      await campaign.importLabels(
        lab.annotate(1, (_, index) => (index < 2 ? { response: 'Done.' } : index === 2 ? { verdict: 'skip' } : {})),
      );
      return campaign.status();
    });
    expect(status.rounds).toEqual([
      {
        number: 1,
        kind: 'seed',
        adapted: null,
        strategy: 'k-center',
        planned: 8,
        selected: 8,
        labeled: 2,
        rejected: 0,
        skipped: 1,
        awaited: 5,
        model: null,
        outcome: null,
      },
    ]);
    expect(status.labels).toMatchObject({ labeled: 2, skipped: 1, awaited: 5 });
    expect(status.spending.labels).toEqual({
      settledMicroUsd: 1_000_000,
      reservedMicroUsd: 2_500_000,
      settledLabels: 2,
      reservedLabels: 5,
    });
    expect(status.room).toMatchObject({ labels: 7, labelMicroUsd: 6_500_000 });
    expect(String(status.command.line)).toBe('winnow annotate');
    expect(status.command.because).toContain('5 labels are awaited');
    expect(status.alternatives.map(({ line }) => String(line))).toEqual([
      'winnow import <file>',
      'winnow next goOn: true',
    ]);
    expect(status.alternatives[0]!.because).toContain('rounds/1/tasks');
    expect(status.caps).toMatchObject({ labels: 14, labelMicroUsd: 10_000_000 });
  });

  test('with all labels in points at the next step', async () => {
    const status = await lab.work(async (campaign) => {
      await campaign.importLabels(lab.annotate(1, () => ({ response: 'Done.' })));
      return campaign.status();
    });
    expect(status.next).toEqual({ step: 'wait-for-labels', round: 1 });
    expect(status.command.because).toBe('all labels are in');
    expect(String(status.command.line)).toBe('winnow next');
    expect(status.alternatives).toEqual([]);
  });

  test('at the end says which rule ended it, and asks for nothing', async () => {
    const status = await lab.work(async (campaign) => {
      await lab.play(campaign);
      return campaign.status();
    });
    expect(status.stop?.rule).toBe('budget');
    expect(status.next).toEqual({ step: 'stop', round: 2, stop: status.stop });
    expect(status.command.because).toBe(status.stop!.message);
    expect(status.rounds.every(({ model, outcome }) => model !== null && outcome !== null)).toBe(true);
  });

  test('can be had, and the ledger too, while another process has the campaign open', async () => {
    const viewed = await lab.work(async (campaign) => {
      const view = await viewCampaign(lab.folder, { cacheFolder: home.file('elsewhere') });
      try {
        expect(view.ledger()).toEqual(campaign.ledger());
        return { seen: await view.status(), status: await campaign.status() };
      } finally {
        await view.close();
      }
    });
    expect(viewed.seen).toEqual(viewed.status);
  });

  test('of a campaign that was never begun can be viewed, and leaves no file behind', async () => {
    const fresh = new CampaignLab(home, 'fresh');
    const view = await viewCampaign(fresh.folder);
    expect(await view.status()).toMatchObject({ pool: { instructions: 0 }, next: { step: 'add-pool', round: 1 } });
    await view.close();
    expect(() => fresh.state()).toThrow();
  });
});

describe.each([
  ['jsonl', 'winnow annotate', 'Annotate in the browser: winnow annotate. Or fill in rounds/1/tasks.jsonl'],
  ['csv', 'winnow annotate', 'Annotate in the browser: winnow annotate. Or fill in rounds/1/tasks.csv'],
  [
    'doccano',
    'winnow import <file>',
    "Have rounds/1/tasks.doccano.jsonl annotated, then run winnow import <the tool's export>",
  ],
] as const)('where labels are awaited and labels.tool is %s', (tool, line, hint) => {
  test(`the next command is ${line}`, async () => {
    const lab = new CampaignLab(home, `tool-${tool}`, { labels: { tool } });
    const { paused, command } = await lab.work(async (campaign) => ({
      paused: await campaign.run(),
      command: (await campaign.status()).command,
    }));
    expect(String(command.line)).toBe(line);
    expect(paused).toMatchObject({ done: false, because: 'waiting' });
    expect('hint' in paused && String(paused.hint)).toContain(hint);
  });
});
