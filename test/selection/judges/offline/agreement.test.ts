import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agreement } from '../../../../scripts/judged-pairs.ts';
import { minilmEmbedder } from '../../../../src/models/embedders/minilm-embedder.ts';
import { NECESSITY } from '../../../../src/selection/judges/criteria.ts';
import { judgeResponse } from '../../../../src/selection/judges/offline/verdicts.ts';
import { offlineJudge } from '../../../../src/selection/judges/offline-judge.ts';
import {
  agreementItems,
  COSINES_FILE,
  hashOf,
  judgedPairs,
  type RecordedCosines,
  type RespondedItem,
} from './agreement-items.ts';

/** The agreement stated in docs/judges-and-scorer.md, in percent. */
const STATED_AGREEMENT = 78;
/** One of so many items is embedded again: to embed all takes minutes. */
const ITEMS_PER_CHECK = 24;

if (judgedPairs === undefined) process.stderr.write('Skipped: the recorded reviews are missing.\n');
const items = agreementItems();
const recorded = JSON.parse(readFileSync(COSINES_FILE, 'utf8')) as Record<keyof typeof items, RecordedCosines>;

/** The judge's scores, by the recorded cosines. */
function scoresOf(name: keyof typeof items): number[] {
  const { min, max } = NECESSITY.scale;
  return items[name].map((item, i) => min + judgeResponse(item, recorded[name].cosines[i]!).value * (max - min));
}

function percent(values: readonly number[]): number {
  return (100 * values.reduce((sum, value) => sum + value, 0)) / values.length;
}

describe.each(['answers', 'own', 'shuffled'] as const)('the recorded cosines of "%s"', (name) => {
  it.skipIf(items[name].length === 0)('belong to these items: else run scripts/record-cosines.ts', () => {
    expect(recorded[name].hash).toBe(hashOf(items[name]));
    expect(recorded[name].cosines).toHaveLength(items[name].length);
  });
});

it('the judge gives the scores of the recorded cosines', async () => {
  const judge = offlineJudge(NECESSITY, { embedder: minilmEmbedder() });
  const checked = (['answers', 'own', 'shuffled'] as const).flatMap((name) => {
    const scores = scoresOf(name);
    return items[name].map((item, i): [RespondedItem, number] => [item, scores[i]!]);
  });
  const sample = checked.filter((_, i) => i % ITEMS_PER_CHECK === 0);
  expect(sample.length).toBeGreaterThan(20);
  const judgments = await Promise.all(sample.map(([item]) => judge.judge(item, { subject: 'a test' })));
  for (const [i, [{ instruction }, score]] of sample.entries()) {
    expect(judgments[i]!.score, instruction).toBeCloseTo(score, 3);
  }
});

describe.skipIf(judgedPairs === undefined)(
  'on 332 pairs of answers of which GPT-4 preferred one in both orders',
  () => {
    const judged = judgedPairs ?? [];
    const scores = judgedPairs === undefined ? [] : scoresOf('answers');
    const agreed = percent(judged.map(({ winner }, i) => agreement(winner, [scores[2 * i]!, scores[2 * i + 1]!])));

    it('the judge agrees as often as the docs say', () => {
      expect(judged).toHaveLength(332);
      expect(Math.abs(agreed - STATED_AGREEMENT)).toBeLessThanOrEqual(1);
    });

    it('the judge agrees more often than the longer answer does', () => {
      const longer = percent(
        judged.map(({ winner, answers: [first, second] }) => agreement(winner, [first.length, second.length])),
      );
      expect(longer).toBeGreaterThan(70);
      expect(agreed).toBeGreaterThan(longer + 5);
    });
  },
);

describe('on the demo pool, 6 of 10', () => {
  const shareReaching = (name: 'own' | 'shuffled') => percent(scoresOf(name).map((score) => (score >= 6 ? 1 : 0)));

  it("is reached by nine in ten of the instructions' own responses", () => {
    expect(shareReaching('own')).toBeGreaterThan(90);
  });

  it('is reached by hardly any response of another instruction', () => {
    expect(shareReaching('shuffled')).toBeLessThan(5);
  });
});
