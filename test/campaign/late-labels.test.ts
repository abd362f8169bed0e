import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/runs/campaign/campaign.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
const LABELS = { heldOutShare: 0, perLabelUsd: 0.5 };
const ROUNDS = {
  most: 3,
  seed: { strategy: 'k-center', count: 8 },
  // Everything fails, so that everything unlabeled may be chosen.
  necessity: { count: 40, evaluate: 40, threshold: 10 },
};

function labOf(name: string, config: object = {}): CampaignLab {
  return new CampaignLab(home, name, { labels: LABELS, rounds: ROUNDS, ...config });
}

async function answerFirst(lab: CampaignLab, campaign: Campaign, count: number): Promise<void> {
  await campaign.run();
  await campaign.importLabels(lab.annotate(1, (_, index) => (index < count ? { response: `Label ${index}.` } : {})));
}

describe('going on without all labels', () => {
  test('withdraws unanswered items, and frees their money and their place under the cap', async () => {
    const lab = labOf('withdrawn', { budget: { labels: 20, labelUsd: 10 } });
    await lab.work(async (campaign) => {
      await answerFirst(lab, campaign, 5);
      expect((await campaign.status()).room).toMatchObject({ labels: 12, labelMicroUsd: 6_000_000 });
      const waited = await campaign.waitForLabels({ goOn: true });
      expect(waited).toMatchObject({
        done: true,
        details: { labeled: 5, rejected: 0, skipped: 0, withdrawn: 3 },
        costMicroUsd: -1_500_000,
      });
      const { room, labels, spending } = await campaign.status();
      expect(room).toMatchObject({ labels: 15, labelMicroUsd: 7_500_000 });
      expect(labels).toMatchObject({ labeled: 5, awaited: 0 });
      expect(spending.labels).toMatchObject({ settledMicroUsd: 2_500_000, reservedMicroUsd: 0 });
    });
  });

  test('withdraws nothing that one of two people has answered, and costs what that one did', async () => {
    const lab = labOf('half', { labels: { ...LABELS, annotators: 2 } });
    await lab.work(async (campaign) => {
      await answerFirst(lab, campaign, 5);
      expect(await campaign.waitForLabels({ goOn: true })).toMatchObject({ details: { labeled: 5, withdrawn: 3 } });
      const { spending, labels } = await campaign.status();
      expect(spending.labels).toMatchObject({ settledMicroUsd: 2_500_000, reservedMicroUsd: 0, settledLabels: 5 });
      expect(labels.awaited).toBe(0);
    });
  });

  test('may choose again what was withdrawn, and nothing that was answered', async () => {
    const lab = labOf('again');
    await lab.work(async (campaign) => {
      await campaign.run();
      const said = [{ response: 'A label.' }, { verdict: 'skip' as const }, { verdict: 'reject' as const }];
      await campaign.importLabels(lab.annotate(1, (_, index) => said[index] ?? {}));
      await campaign.waitForLabels({ goOn: true });
      await campaign.run();
      const first = lab.tasks(1).map(({ id }) => id);
      const second = new Set(lab.tasks(2).map(({ id }) => id));
      expect(first.map((id) => second.has(id))).toEqual([false, false, false, true, true, true, true, true]);

      await campaign.importLabels(lab.annotate(2, () => ({ response: 'At last.' })));
      const { labels, rounds, spending } = await campaign.status();
      expect(labels).toMatchObject({ labeled: 1 + second.size, skipped: 1, rejected: 1, awaited: 0 });
      expect(rounds.map(({ labeled }) => labeled)).toEqual([1, second.size]);
      expect(spending.labels.settledLabels).toBe(1 + second.size);
    });
  });
});

describe('labels that come late', () => {
  test('are taken in, paid and trained on by the next model', async () => {
    const lab = labOf('late');
    await lab.work(async (campaign) => {
      await answerFirst(lab, campaign, 5);
      await campaign.waitForLabels({ goOn: true });
      await lab.play(campaign, { until: isStep('plan-round', 2) });
      const late = lab.tasks(1).slice(5);
      const summary = await campaign.importLabels(lab.writeLabels(late.map(({ id }) => ({ id, response: 'Late.' }))));
      expect(summary).toMatchObject({ accepted: 3, unselectedIds: [], costMicroUsd: 1_500_000 });
      const { labels, spending, rounds } = await campaign.status();
      expect(labels.labeled).toBe(8);
      expect(rounds[0]!.labeled).toBe(8);
      expect(spending.labels).toMatchObject({ settledMicroUsd: 4_000_000, settledLabels: 8, reservedMicroUsd: 0 });

      await campaign.run();
      const second = lab.tasks(2).map(({ id }) => id);
      expect(second.filter((id) => late.some((task) => task.id === id))).toEqual([]);
      await campaign.importLabels(lab.annotate(2, (_, index) => (index === 0 ? { response: 'One more.' } : {})));
      await campaign.waitForLabels({ goOn: true });
      expect(await campaign.train()).toMatchObject({ details: { examples: 9 } });
    });
  });

  test('settle the round that waits for the item now, if it was handed out again', async () => {
    const lab = labOf('late-again');
    await lab.work(async (campaign) => {
      await answerFirst(lab, campaign, 7);
      await campaign.waitForLabels({ goOn: true });
      await campaign.run();
      const { id } = lab.tasks(1)[7]!;
      expect(lab.tasks(2).map((task) => task.id)).toContain(id);
      const before = (await campaign.status()).rounds[1]!.awaited;
      const summary = await campaign.importLabels(lab.writeLabels([{ id, response: 'Of round 1.' }]));
      expect(summary).toMatchObject({ accepted: 1, awaited: before - 1, costMicroUsd: 500_000 });
      const { spending } = await campaign.status();
      expect(spending.labels).toMatchObject({ settledLabels: 8, reservedLabels: before - 1 });
    });
  });
});

describe('another number of annotators in winnow.yaml in the middle of a round', () => {
  test('that is lower counts for the next round: this one keeps what it was planned with', async () => {
    const lab = labOf('fewer', { labels: { ...LABELS, annotators: 2 } });
    await lab.work((campaign) => answerFirst(lab, campaign, 8));
    lab.configure({ labels: LABELS, rounds: ROUNDS });
    await lab.work(async (campaign) => {
      expect(await campaign.waitForLabels()).toMatchObject({ done: false, because: 'waiting' });
      expect((await campaign.status()).spending.labels).toMatchObject({ reservedLabels: 8, settledLabels: 0 });
      expect(await campaign.waitForLabels({ goOn: true })).toMatchObject({
        done: true,
        details: { labeled: 8, withdrawn: 0 },
      });
      expect((await campaign.status()).spending.labels).toMatchObject({
        settledMicroUsd: 4_000_000,
        reservedMicroUsd: 0,
        settledLabels: 8,
      });
    });
  });

  test('that is higher waits for more, and can be gone on without', async () => {
    const lab = labOf('more');
    await lab.work((campaign) => answerFirst(lab, campaign, 7));
    lab.configure({ labels: { ...LABELS, annotators: 2 }, rounds: ROUNDS });
    await lab.work(async (campaign) => {
      expect(await campaign.waitForLabels()).toMatchObject({ done: false, because: 'waiting' });
      expect(await campaign.waitForLabels({ goOn: true })).toMatchObject({
        done: true,
        details: { labeled: 7, withdrawn: 1 },
      });
      expect((await campaign.status()).spending.labels).toMatchObject({
        settledMicroUsd: 3_500_000,
        reservedMicroUsd: 0,
        settledLabels: 7,
      });
    });
  });
});
