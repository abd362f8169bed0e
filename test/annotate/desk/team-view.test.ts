import { expect, test } from 'vitest';
import { REVIEW_LIMIT } from '../../../src/annotate/desk/desk-views.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, necessityLab } from './desk-lab.ts';

const home = temporaryFolder();
const ALL = { filter: 'all', search: '', offset: 0, limit: 1000 } as const;

test('the lead sees each person’s work, the agreement and the items to review with all labels', async () => {
  const labels = { heldOutShare: 0, annotators: 2, perMinuteUsd: 0.6 };
  const lab = await deskLab(home, 'lead', { labels });
  await atDesk(lab, async (desk, clock) => {
    const numbers = desk.list('Ann', ALL).items.map(({ number }) => number);
    for (const who of ['Ann', 'Ben']) {
      for (const [index, number] of numbers.slice(0, 5).entries()) {
        desk.open(who, number);
        await clock.advance(60_000);
        const shared = answer('The same answer.', { seconds: index === 3 ? 2 : 60 });
        const form =
          who === 'Ben' && index === 0
            ? { ...shared, verdict: 'rejected' as const, comment: 'No question.' }
            : who === 'Ben' && index === 1
              ? { ...shared, response: 'Something else entirely' }
              : shared;
        desk.submit(who, number, form);
      }
    }
    desk.save('Ben', numbers[5]!, { revision: 0, response: 'Started', comment: '', seconds: 0 });

    const { progress, people, agreement, pairs, reviewItems, reviewTotal } = desk.teamOverview();
    expect(progress).toEqual(desk.progress(null));
    const money = lab.rows<{ annotator: string; cost: number }>(
      'SELECT annotator, sum(cost_micro_usd) AS cost FROM annotation GROUP BY annotator ORDER BY annotator',
    );
    expect(people).toMatchObject([
      {
        annotator: 'Ann',
        answered: 5,
        rejected: 0,
        drafts: 0,
        seconds: 242,
        costMicroUsd: money[0]!.cost,
        workingOn: null,
      },
      {
        annotator: 'Ben',
        answered: 4,
        rejected: 1,
        drafts: 1,
        seconds: 242,
        costMicroUsd: money[1]!.cost,
        workingOn: numbers[5]!,
      },
    ]);
    expect(progress.spentMicroUsd).toBe(money[0]!.cost + money[1]!.cost);
    await lab.work(async (campaign) => {
      expect(agreement).toEqual((await campaign.status()).labels.agreement);
    });
    expect(pairs).toEqual([{ people: ['Ann', 'Ben'], items: 4, wordF1: 0.75 }]);
    expect(reviewItems).toMatchObject([
      {
        number: numbers[0],
        rank: 1,
        reasons: ['disputed'],
        labels: [{ annotator: 'Ann' }, { comment: 'No question.' }],
      },
      {
        number: numbers[1],
        reasons: ['different'],
        labels: [{}, { annotator: 'Ben', response: 'Something else entirely' }],
      },
    ]);
    expect(reviewTotal).toBe(2);

    // Two more labels give ten known times.
    for (const who of ['Ann', 'Ben']) {
      const { revision } = desk.open(who, numbers[5]!).writing;
      await clock.advance(60_000);
      desk.submit(who, numbers[5]!, answer('The same answer.', { revision, seconds: 60 }));
    }
    expect(desk.teamOverview().reviewItems.map(({ reasons }) => reasons)).toEqual([
      ['disputed'],
      ['different'],
      ['fast'],
    ]);
    expect(desk.teamOverview().agreement).toMatchObject({ items: 5, disputed: 1 });
  });
});

test('a long review list shows the most urgent items and the total', async () => {
  const count = REVIEW_LIMIT + 5;
  const rounds = { most: 1, seed: { strategy: 'random', count }, necessity: { count: 1, evaluate: 1 } };
  const lab = await deskLab(home, 'much', { rounds, pool: { files: ['many.jsonl'] } }, (empty) =>
    empty.writePool(
      'many.jsonl',
      Array.from({ length: count }, (_, index) => ({ id: `i${index}`, instruction: `Count to ${index}.`, output: '' })),
    ),
  );
  await lab.work((campaign) => campaign.importLabels(lab.annotate(1, () => ({ verdict: 'reject', annotator: 'Ann' }))));
  await atDesk(lab, (desk) => {
    const { reviewItems, reviewTotal } = desk.teamOverview();
    expect(reviewTotal).toBe(count);
    expect(reviewItems).toHaveLength(REVIEW_LIMIT);
    expect(reviewItems.map(({ rank }) => rank)).toEqual(Array.from({ length: REVIEW_LIMIT }, (_, index) => index + 1));
  });
});

test('in a necessity round items show the failing answer, and submitting it unchanged needs review', async () => {
  const lab = await necessityLab(home, 'necessity');
  const judged = lab.rows<{ id: string; score: number }>(
    "SELECT item_id AS id, score FROM evaluation WHERE round = 1 AND subset = 'pool'",
  );
  const scores = new Map(judged.map(({ id, score }) => [id, score]));
  await atDesk(lab, (desk) => {
    expect(desk.round()).toBe(2);
    for (const [index, task] of lab.tasks(2).entries()) {
      const item = desk.next('Ann', index === 0 ? {} : { after: desk.list('Ann', ALL).items[index - 1]!.number })!;
      expect(item).toMatchObject({ id: task.id, round: 2, rank: index + 1 });
      expect(item.failingAnswer).toEqual({
        response: task.draft,
        model: task.draft_model,
        score: scores.get(task.id),
        judgeReason: task.judge_reason,
      });
      desk.submit(
        'Ann',
        item.number,
        answer(index === 2 ? item.failingAnswer!.response : `${item.failingAnswer!.response} No, different.`),
      );
    }
    const { reviewItems } = desk.teamOverview();
    const third = reviewItems.filter(({ reasons }) => reasons.includes('unchanged'));
    expect(third).toMatchObject([{ rank: 3, round: 2 }]);
    expect(desk.open('Ann', desk.list('Ann', { ...ALL, round: 1 }).items[0]!.number)).toMatchObject({
      round: 1,
      failingAnswer: null,
    });
  });
});
