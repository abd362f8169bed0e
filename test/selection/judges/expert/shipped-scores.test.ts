import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shippedExpertScorer } from '../../../../src/selection/judges/expert/scorer-file.ts';

/**
 * After a new fit all of these change, and data/expert-scorer.md with them. They need none of the data the scorer was
 * fitted to, and so hold where training again cannot be tested.
 */
const NAME = 'expert-scorer-2-1aa447b04b53';
const TIPS = `Here are some tips:

1. Go to bed at the same time every day.
2. Keep your room dark, quiet and cool.
3. Avoid coffee after lunch; for example, have herbal tea instead.

If you still lie awake, get up and read for a while.`;
const SCORED = [
  {
    item: {
      instruction: 'Why do leaves fall?',
      response: 'Trees drop leaves to save water, because frozen ground gives none.',
    },
    score: -5.8794738974,
    share: 0.0640205876,
    reason: 'Worded like a draft; little content; poorly formatted',
  },
  {
    item: { instruction: 'Name three rivers.', response: 'Rhine, Nile and Amazon.' },
    score: -7.9452456566,
    share: 0.0102045567,
    reason: 'Worded like a draft; little content; poorly formatted',
  },
  {
    item: {
      instruction: 'Rewrite the sentence politely.',
      input: 'Shut the window!',
      response: 'Could you please close the window?',
    },
    score: 0.0350622758,
    share: 0.5154699125,
    reason: 'Little content; engaging style; poorly formatted',
  },
  {
    item: { instruction: 'Give me tips for a good night’s sleep.', response: TIPS },
    score: 5.8157491848,
    share: 0.9385077264,
    reason: 'Worded like an expert answer; well formatted; engaging style',
  },
];

describe('the weights that ship', () => {
  const scorer = shippedExpertScorer();

  it('are those that were fitted, every one', () => {
    expect(scorer.name).toBe(NAME);
  });

  it.each(SCORED)('keep the score of $item.response', ({ item, score, share, reason }) => {
    expect(scorer.score(item)).toBeCloseTo(score, 8);
    const appraisal = scorer.appraise(item);
    expect(appraisal.share).toBeCloseTo(share, 8);
    expect(appraisal.reason).toBe(reason);
  });

  it('have the figures that their model card states', () => {
    const read = (name: string) => readFileSync(new URL(`../../../../data/${name}`, import.meta.url), 'utf8');
    const { training } = JSON.parse(read('expert-scorer.json'));
    const card = read('expert-scorer.md');
    const { pairs, accuracy, longer } = training.crossValidated;
    const stated = `| ${pairs.toLocaleString('en-US')} expert pairs, out of fold | **${(100 * accuracy).toFixed(1)} %** | ${(100 * longer).toFixed(1)} % |`;
    expect(card).toContain(stated);
  });
});
