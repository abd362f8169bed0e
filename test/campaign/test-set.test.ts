import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/campaign/config/load-config.ts';
import { controlShareOf, heldOutShareOf, wantedTest } from '../../src/campaign/config/test-plan.ts';
import { HIDDEN_REASON } from '../../src/campaign/hidden-reason.ts';
import { controlCount, plannedDraws } from '../../src/campaign/planned-draws.ts';
import { controlOrder, drawTestItems, mixIn } from '../../src/campaign/random-draws.ts';
import type { Instruction } from '../../src/domain/instruction.ts';
import { createMatrixKernel } from '../../src/math/create-matrix-kernel.ts';
import { seededRandom } from '../../src/math/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
const configOf = (text: string) => parseConfig(`pool: { files: [a.jsonl] }\n${text}`, 'winnow.yaml');

describe('the number of test labels', () => {
  test.each([
    ['budget: { labels: 1000 }', 100],
    ['budget: { labels: 100 }', 30],
    ['budget: { labels: 9000 }', 200],
    // Ten rounds of a hundred.
    ['', 100],
    ['labels: { test: 7 }', 7],
    ['labels: { heldOutShare: 0.1 }', 0],
    ['labels: { heldOutFiles: [t.jsonl] }', 0],
  ])('with %j is %i', (text, labels) => {
    expect(wantedTest(configOf(text)).labels).toBe(labels);
  });

  test('decides what is held out beside them, and whether controls are drawn', () => {
    expect([heldOutShareOf(configOf('')), controlShareOf(configOf(''))]).toEqual([0, 0.2]);
    const old = configOf('labels: { heldOutShare: 0.3 }');
    expect([heldOutShareOf(old), controlShareOf(old)]).toEqual([0.3, 0]);
    expect(heldOutShareOf(configOf('labels: { test: 0 }'))).toBe(0.1);
    expect(controlShareOf(configOf('rounds: { control: 0 }'))).toBe(0);
  });

  test('leaves half of a small pool or budget for training, unless it is given', () => {
    const given = { count: 100, room: 40, testLabels: 0 };
    expect(plannedDraws(configOf(''), given)).toEqual({ count: 20, control: 4, test: 20 });
    expect(plannedDraws(configOf('labels: { test: 39 }'), given)).toEqual({ count: 1, test: 39 });
    expect(plannedDraws(configOf(''), { ...given, room: 500 })).toEqual({ count: 100, control: 20, test: 100 });
    // Later rounds draw controls only.
    expect(plannedDraws(configOf(''), { ...given, testLabels: undefined })).toEqual({ count: 40, control: 8 });
    // A share below half an item is one item, but never the whole round.
    expect([1, 2, 3].map((count) => controlCount(configOf(''), count))).toEqual([0, 1, 1]);
  });
});

describe('a test draw', () => {
  const random = seededRandom(1, 'vectors');
  const instructions = Array.from({ length: 300 }, (_, position): Instruction => {
    const record = { topic: position < 200 ? 'a' : position < 297 ? 'b' : `rare-${position}` };
    const source = { file: 'a.jsonl', line: position + 1 };
    return { id: `i${position}`, instruction: `Question ${position}`, meta: {}, record, source };
  });
  const positions = instructions.map((_, position) => position);
  const embeddings = { data: Float32Array.from({ length: 1200 }, () => random.float()), rows: 300, columns: 4 };
  const draw = async (seed: number, by: string | undefined) => {
    const kernel = await createMatrixKernel();
    const task = { round: 1, seed, count: 30, positions, instructions, by, embeddings, kernel };
    return drawTestItems(task).finally(() => kernel.release());
  };

  test('by a field takes of each value in proportion, and joins values too rare for two', async () => {
    const drawn = await draw(0, 'topic');
    expect(drawn).toHaveLength(30);
    const sizes = new Map(drawn.map(({ stratum, stratumSize }) => [stratum, stratumSize]));
    // The rare values joined the next larger one.
    expect(Object.fromEntries(sizes)).toEqual({ 'topic a': 200, others: 100 });
    expect(drawn.filter(({ stratum }) => stratum === 'topic a')).toHaveLength(20);
  });

  test('by clusters covers every cluster, and another seed draws others', async () => {
    const [first, again, other] = [await draw(0, undefined), await draw(0, undefined), await draw(1, undefined)];
    expect(first).toEqual(again);
    expect(first.map(({ position }) => position)).not.toEqual(other.map(({ position }) => position));
    const strata = new Map(first.map(({ stratum, stratumSize }) => [stratum, stratumSize]));
    expect(strata.size).toBeGreaterThan(2);
    expect([...strata.values()].reduce((sum, size) => sum + size, 0)).toBe(300);
  });

  test('by a field that no record has is refused', async () => {
    await expect(draw(0, 'subject')).rejects.toThrow('No record has a field "subject".');
  });

  test('gives every instruction of a part the same chance', async () => {
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 60; seed += 1) {
      for (const { position } of await draw(seed, 'topic')) counts.set(position, (counts.get(position) ?? 0) + 1);
    }
    const drawnOnce = positions.filter((position) => (counts.get(position) ?? 0) > 0).length;
    // Each has been drawn six times on average: 0.2 % of them never.
    expect(drawnOnce).toBeGreaterThan(290);
  });
});

test('the order of controls changes for no position when another one comes or goes', () => {
  const all = Array.from({ length: 100 }, (_, position) => position);
  const order = controlOrder(all, 7, 2);
  expect(controlOrder(all.slice(10), 7, 2)).toEqual(order.filter((position) => position >= 10));
  expect(controlOrder(all, 7, 3)).not.toEqual(order);
});

test('items drawn at random are mixed among the selected ones, which keep their order', () => {
  const selected = Array.from({ length: 40 }, (_, index) => index);
  const mixed = mixIn(selected, [100, 101, 102, 103, 104, 105, 106, 107], 3);
  expect(mixed.filter((one) => one < 100)).toEqual(selected);
  const places = mixed.flatMap((one, place) => (one >= 100 ? [place] : []));
  expect(places).toHaveLength(8);
  expect(Math.min(...places)).toBeLessThan(20);
  expect(Math.max(...places)).toBeGreaterThan(28);
});

describe('a campaign with a test set and controls', () => {
  const lab = new CampaignLab(home, 'tested', {
    labels: { test: 8 },
    rounds: {
      most: 3,
      seed: { strategy: 'k-means', count: 8 },
      necessity: { count: 6, evaluate: 40, threshold: 9.5 },
      control: 0.25,
    },
  });
  const drawn = (purpose: string) =>
    lab
      .rows<{ id: string; round: number }>(
        `SELECT item.id, round FROM drawn_item JOIN item USING (position) WHERE purpose = '${purpose}' ORDER BY round, id`,
      )
      .map(({ id, round }) => `${round} ${id}`);

  test('labels the test set in the first round and tests every model on it, and on nothing else', async () => {
    const results = await lab.work((campaign) => lab.play(campaign));
    expect(results.find(isStep('select'))).toMatchObject({ details: { picked: 6, control: 2, test: 8 } });
    expect(results.find(isStep('select', 2))).toMatchObject({ details: { control: 2, test: 0 } });
    expect(drawn('test')).toHaveLength(8);
    const answered = lab.rows<{ ids: string }>(
      `SELECT group_concat(item_id) AS ids FROM
         (SELECT * FROM evaluation WHERE subset = 'held-out' ORDER BY round, item_id) GROUP BY round`,
    );
    expect(answered.length).toBeGreaterThan(1);
    expect(new Set(answered.map(({ ids }) => ids)).size).toBe(1);
    const tested = answered[0]!.ids.split(',');
    expect(drawn('test')).toEqual(expect.arrayContaining(tested.map((id) => `1 ${id}`)));
  });

  test('trains on none of it and picks none of it again', () => {
    const [{ trained }] = lab.rows<{ trained: number }>(
      `SELECT count(*) AS trained FROM training_example JOIN drawn_item USING (position) WHERE purpose = 'test'`,
    ) as [{ trained: number }];
    expect(trained).toBe(0);
    const testIds = drawn('test').map((one) => one.slice(2));
    for (const round of [2, 3]) {
      const ids = lab.tasks(round).map(({ id }) => id);
      expect(ids.filter((id) => testIds.includes(id))).toEqual([]);
      for (const id of testIds) expect(lab.read(`rounds/${round}/training/train.json`)).not.toContain(`"${id}"`);
    }
  });

  test('trains on the controls as on any other label', () => {
    const controls = lab.rows(
      `SELECT position FROM drawn_item JOIN training_example USING (position)
       WHERE purpose = 'control' AND training_example.round = 3`,
    );
    // Junk is rejected.
    expect(controls.length).toBeGreaterThanOrEqual(4);
  });

  test('shows people no difference between what was drawn and what was selected', () => {
    for (const round of [1, 2, 3]) {
      const tasks = lab.tasks(round);
      expect(new Set(tasks.map(({ reason }) => reason))).toEqual(new Set([HIDDEN_REASON]));
      expect(new Set(tasks.map((task) => Object.keys(task).join())).size).toBe(1);
      // Each item of a later round comes with the answer of the model before.
      if (round > 1) expect(tasks.every(({ draft }) => draft !== '')).toBe(true);
    }
  });

  test('has figures of each model on the test set, with intervals, and compares models on the same items', async () => {
    const { rounds } = await lab.work((campaign) => campaign.status());
    const tested = lab.rows(`SELECT 1 FROM evaluation WHERE subset = 'held-out' AND round = 1`).length;
    for (const { outcome } of rounds) {
      const { score, failureRate, rougeL, chrF, cosine } = outcome!.figures!.test!;
      for (const figure of [score, failureRate, rougeL!, chrF!, cosine!]) {
        expect(figure.count).toBe(tested);
        expect(figure.interval!.low).toBeLessThanOrEqual(figure.mean);
        expect(figure.interval!.high).toBeGreaterThanOrEqual(figure.mean);
      }
      expect(outcome!.testScore).toBe(score.mean);
      expect(outcome!.heldOutScore).toBeNull();
    }
    const changes = rounds[2]!.outcome!.figures!.changes;
    expect(changes.map(({ since, on }) => `${since} ${on}`)).toEqual(['2 test', '2 pool', '1 test', '1 pool']);
    for (const change of changes) {
      expect(change.failureRate.mean).toBeCloseTo(change.after - change.before, 10);
      expect(change.failureRate.count).toBe(change.count);
    }
    const onTest = changes.find(({ since, on }) => since === 2 && on === 'test')!;
    expect(onTest.score.mean).toBeCloseTo(rounds[2]!.outcome!.improvement!, 0);
    expect(rounds[2]!.outcome!.comparedOn).toBe('test');
  });
});
