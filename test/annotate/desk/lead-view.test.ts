import { expect, test } from 'vitest';
import { LOOK_AGAIN_LIMIT } from '../../../src/annotate/desk/desk-views.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab, necessityLab } from './desk-lab.ts';

const home = temporaryFolder();
const ALL = { filter: 'all', search: '', offset: 0, limit: 1000 } as const;

test('the lead sees who did what, how alike, and what to look at again with everybody’s words, as the campaign has it', async () => {
  const labels = { heldOutShare: 0, annotators: 2, perMinuteUsd: 0.6 };
  const lab = await deskLab(home, 'lead', { labels });
  await atDesk(lab, async (desk, clock) => {
    const numbers = desk.list('Ann', ALL).items.map(({ number }) => number);
    for (const who of ['Ann', 'Ben']) {
      for (const [index, number] of numbers.slice(0, 5).entries()) {
        desk.open(who, number);
        await clock.advance(60_000);
        const shared = answer('Alike in all.', { seconds: index === 3 ? 2 : 60 });
        const form =
          who === 'Ben' && index === 0
            ? { ...shared, verdict: 'rejected' as const, comment: 'No question.' }
            : who === 'Ben' && index === 1
              ? { ...shared, response: 'Quite another thing' }
              : shared;
        desk.submit(who, number, form);
      }
    }
    desk.save('Ben', numbers[5]!, { revision: 0, response: 'Begun', comment: '', seconds: 0 });

    const { progress, people, agreement, pairs, lookAgain, lookAgainTotal } = desk.oversight();
    expect(progress).toEqual(desk.progress(null));
    const money = lab.rows<{ annotator: string; cost: number }>(
      'SELECT annotator, sum(cost_micro_usd) AS cost FROM annotation GROUP BY annotator ORDER BY annotator',
    );
    expect(people).toMatchObject([
      { annotator: 'Ann', answered: 5, rejected: 0, begun: 0, seconds: 242, costMicroUsd: money[0]!.cost, at: null },
      {
        annotator: 'Ben',
        answered: 4,
        rejected: 1,
        begun: 1,
        seconds: 242,
        costMicroUsd: money[1]!.cost,
        at: numbers[5]!,
      },
    ]);
    expect(progress.spentMicroUsd).toBe(money[0]!.cost + money[1]!.cost);
    await lab.work(async (campaign) => {
      expect(agreement).toEqual((await campaign.status()).labels.agreement);
    });
    expect(pairs).toEqual([{ people: ['Ann', 'Ben'], items: 4, wordF1: 0.75 }]);
    expect(lookAgain).toMatchObject([
      { number: numbers[0], rank: 1, because: ['disputed'], said: [{ annotator: 'Ann' }, { comment: 'No question.' }] },
      { number: numbers[1], because: ['unlike'], said: [{}, { annotator: 'Ben', response: 'Quite another thing' }] },
    ]);
    expect(lookAgainTotal).toBe(2);

    // With two more there are ten times to go by.
    for (const who of ['Ann', 'Ben']) {
      const { revision } = desk.open(who, numbers[5]!).writing;
      await clock.advance(60_000);
      desk.submit(who, numbers[5]!, answer('Alike in all.', { revision, seconds: 60 }));
    }
    expect(desk.oversight().lookAgain.map(({ because }) => because)).toEqual([['disputed'], ['unlike'], ['hasty']]);
    expect(desk.oversight().agreement).toMatchObject({ items: 5, disputed: 1 });
  });
});

test('of very much to look at again the most pressing is shown, and how much there is', async () => {
  const count = LOOK_AGAIN_LIMIT + 5;
  const rounds = { most: 1, seed: { strategy: 'random', count }, necessity: { count: 1, evaluate: 1 } };
  const lab = await deskLab(home, 'much', { rounds, pool: { files: ['many.jsonl'] } }, (empty) =>
    empty.writePool(
      'many.jsonl',
      Array.from({ length: count }, (_, index) => ({ id: `i${index}`, instruction: `Count to ${index}.`, output: '' })),
    ),
  );
  await lab.work((campaign) => campaign.importLabels(lab.annotate(1, () => ({ verdict: 'reject', annotator: 'Ann' }))));
  await atDesk(lab, (desk) => {
    const { lookAgain, lookAgainTotal } = desk.oversight();
    expect(lookAgainTotal).toBe(count);
    expect(lookAgain).toHaveLength(LOOK_AGAIN_LIMIT);
    expect(lookAgain.map(({ rank }) => rank)).toEqual(
      Array.from({ length: LOOK_AGAIN_LIMIT }, (_, index) => index + 1),
    );
  });
});

test('in a necessity round the failing answer comes with its judgment, and whoever hands it in unchanged is found out', async () => {
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
        answer(index === 2 ? item.failingAnswer!.response : `${item.failingAnswer!.response} No, so.`),
      );
    }
    const { lookAgain } = desk.oversight();
    const third = lookAgain.filter(({ because }) => because.includes('unchanged'));
    expect(third).toMatchObject([{ rank: 3, round: 2 }]);
    expect(desk.open('Ann', desk.list('Ann', { ...ALL, round: 1 }).items[0]!.number)).toMatchObject({
      round: 1,
      failingAnswer: null,
    });
  });
});
