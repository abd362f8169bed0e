import { describe, expect, test } from 'vitest';
import type { CampaignStatus } from '../../src/campaign/status.ts';
import { seededRandom } from '../../src/math/random.ts';
import { mean } from '../../src/math/statistics.ts';
import type { StepResult } from '../../src/runs/campaign/step-result.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep, type PoolRecord } from './campaign-lab.ts';

const home = temporaryFolder();

const TOPICS = ['bread', 'tides', 'loans', 'violins', 'compilers', 'gardens', 'football', 'taxes', 'glaciers', 'bees'];
const THINGS = [
  'old',
  'new',
  'cheap',
  'rare',
  'small',
  'large',
  'quiet',
  'bright',
  'heavy',
  'strange',
  'common',
  'early',
];

/**
 * A pool with ten large topics whose questions are all answered alike, topic by topic: one label of a topic answers the
 * whole topic. And odd questions, each with an answer of its own: labels of them answer nothing else.
 */
function pool(odd: number): PoolRecord[] {
  const random = seededRandom(4, 'pool');
  const words = () => Array.from({ length: 9 }, () => `w${random.below(100_000)}`).join(' ');
  const topical = TOPICS.flatMap((topic) =>
    THINGS.flatMap((thing, index) => [
      {
        id: `${topic}-${thing}`,
        instruction: `What should I know about ${thing} ${topic}?`,
        output: `Everything about ${topic} ${topic}s is in the ${topic} book, chapter ${topic}.`,
        index,
      },
    ]),
  );
  const others = Array.from({ length: odd }, (_, number) => ({
    id: `odd-${number}`,
    instruction: `Riddle ${number}: ${words()}`,
    output: words(),
  }));
  return random.shuffle([...topical.map(({ index: _, ...record }) => record), ...others]);
}

function labFor(name: string, seed: object, more: object = {}): { lab: CampaignLab; records: PoolRecord[] } {
  const records = pool(60);
  const lab = new CampaignLab(home, name, {
    labels: { test: 40 },
    pool: { files: ['pool.jsonl'], dedupeThreshold: 0 },
    rounds: {
      most: 3,
      control: 0.5,
      seed: { count: 20, ...seed },
      necessity: { count: 20, evaluate: 200, select: 'random' },
      ...more,
    },
  });
  lab.writePool('pool.jsonl', records);
  return { lab, records };
}

async function played(name: string, seed: object, more: object = {}) {
  const { lab, records } = labFor(name, seed, more);
  const responses = new Map(records.map(({ id, output }) => [id, output]));
  let status: CampaignStatus | undefined;
  const results: StepResult[] = await lab.work(async (campaign) => {
    const steps = await lab.play(campaign, { say: ({ id }) => ({ response: responses.get(id)! }) });
    status = await campaign.status();
    return steps;
  });
  return { lab, results, status: status! };
}

describe('a campaign whose strategy', () => {
  test('covers what matters is told that selecting helps, and how many labels that saves', async () => {
    const { status, results } = await played('helps', { strategy: 'facility-location' }, { most: 1 });
    const { gain, sentence } = status.selection!;
    expect(gain).toMatchObject({ verdict: 'helps', labels: 10 });
    expect(gain!.difference.interval!.low).toBeGreaterThan(0);
    expect(gain!.worth!.mean).toBeGreaterThan(10);
    expect(sentence).toMatch(/^Selecting helps: 10 selected labels score like .* labels saved; \+/);
    expect(results.find(isStep('find-failures'))).toBeDefined();
  });

  test('is a random draw itself is told that no gain is shown, or how many test labels would tell', async () => {
    const { status } = await played('does-not', { strategy: 'random' }, { most: 1 });
    expect(['no-gain', 'cannot-tell']).toContain(status.selection!.gain!.verdict);
    expect(status.selection!.sentence).toMatch(
      /^(No gain shown: |Cannot tell yet .* more would show ±[\d.]+ points\.)/,
    );
  });

  test('seeks out oddities is told that selecting hurts, and switches to what replays favor', async () => {
    const { status, results, lab } = await played(
      'hurts',
      { strategy: 'length' },
      {
        adapt: true,
        necessity: { count: 20, evaluate: 200, select: 'cover', cover: 'k-center', weighted: false, threshold: 10 },
      },
    );
    const planned = results.filter((result) => result.step === 'plan-round' && result.done);
    const third = planned.find(({ round }) => round === 3);
    expect(third).toMatchObject({ details: { plan: { from: 'pool', adapted: { strategy: expect.any(String) } } } });
    const notes = third !== undefined && 'notes' in third ? third.notes.join(' ') : '';
    expect(notes).toContain('has not beaten chance');
    expect(notes).toMatch(/This round switches to [a-z-]+\.$/);
    const { adapted, strategy } = status.rounds[2]!;
    expect(adapted).toContain(`favor ${strategy}`);
    expect(strategy).not.toBe('k-center');
    const { harder, hardness } = status.selection!;
    const scoresBefore = (control: boolean) =>
      lab
        .rows<{ score: number }>(
          `SELECT evaluation.score FROM pick JOIN item USING (position)
           JOIN evaluation ON evaluation.round = pick.round - 1 AND item_id = item.id
           WHERE subset = 'pool' AND evaluation.score IS NOT NULL AND ${control ? '' : 'NOT '}EXISTS (SELECT 1 FROM drawn_item AS drawn
             WHERE drawn.purpose = 'control' AND drawn.round = pick.round AND drawn.position = pick.position)`,
        )
        .map(({ score }) => score);
    const [selected, random] = [scoresBefore(false), scoresBefore(true)];
    expect(harder).toMatchObject({ selected: selected.length, random: random.length });
    expect(harder!.difference.mean).toBeCloseTo(mean(random) - mean(selected), 10);
    expect(harder!.difference.interval!.low).toBeLessThan(harder!.difference.mean);
    expect(hardness).toMatch(
      /^Selected items were \d\.\d points (harder|easier) than random ones .* \d+ and \d+ items\)\.$/,
    );
    // What selecting gains is measured from the switch on.
    expect(status.selection!.gain!.rounds).toBe(1);
    const before = lab.rows<{ name: string }>(`SELECT name FROM report_figure WHERE name LIKE 'compared with chance%'`);
    expect(before).toHaveLength(3);
  });
});
