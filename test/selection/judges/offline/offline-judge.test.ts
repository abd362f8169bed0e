import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { NO_CALLS } from '../../../../src/domain/usage.ts';
import { minilmEmbedder } from '../../../../src/models/embedders/minilm-embedder.ts';
import { CRITERIA } from '../../../../src/selection/judges/criteria.ts';
import type { JudgedItem } from '../../../../src/selection/judges/judge.ts';
import { offlineJudge } from '../../../../src/selection/judges/offline-judge.ts';

const SUBJECT = { subject: 'a test' };
const embedder = minilmEmbedder();

// Lone surrogates included: responses come from any model, instructions from any file.
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const anyItem: fc.Arbitrary<JudgedItem> = fc.record(
  { instruction: anyText, input: anyText, response: anyText },
  { requiredKeys: ['instruction', 'response'] },
);

describe.each([...CRITERIA])('the offline judge of $name', (criterion) => {
  const judge = offlineJudge(criterion, { embedder });

  beforeAll(async () => {
    // The model is loaded once, outside any test.
    await judge.judge({ instruction: 'Warm up.', response: 'Warm.' }, SUBJECT);
  });

  it('stays on its scale, gives a reason that quotes no text, and is free, for any texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyItem, { minLength: 1, maxLength: 20 }), async (items) => {
        for (const item of items) expect(judge.estimate(item)).toEqual(NO_CALLS);
        const judgments = await Promise.all(items.map((item) => judge.judge(item, SUBJECT)));
        for (const { score, reason, model, costMicroUsd } of judgments) {
          expect(score).toBeGreaterThanOrEqual(criterion.scale.min);
          expect(score).toBeLessThanOrEqual(criterion.scale.max);
          expect(reason).toMatch(/^[\w ();,.'+-]+$/);
          expect({ model, costMicroUsd }).toEqual({ model: 'offline-judge-1', costMicroUsd: 0 });
        }
      }),
      { numRuns: 20 },
    );
  });

  it('scores an item the same every time, alone or with others', async () => {
    const items = fc.sample(anyItem, { numRuns: 20, seed: 1 });
    const together = await Promise.all(items.map((item) => judge.judge(item, SUBJECT)));
    const again = offlineJudge(criterion, { embedder });
    for (const [i, item] of items.entries()) expect(await again.judge(item, SUBJECT)).toEqual(together[i]);
  });

  it('has a name with its criterion and, if it reads embeddings, their space', () => {
    expect(judge.criterion).toBe(criterion);
    expect(judge.name).toContain(`offline-judge-1, ${criterion.name}`);
    expect(judge.name.includes(embedder.space)).toBe(criterion.of === 'response');
  });

  it('stops when aborted', async () => {
    const reason = new Error('stopped');
    const signal = AbortSignal.abort(reason);
    await expect(judge.judge({ instruction: 'Go.', response: 'Gone.' }, { ...SUBJECT, signal })).rejects.toBe(reason);
  });
});

describe.each(['accuracy', 'necessity'])('a response, judged by %s', (name) => {
  const criterion = CRITERIA.find(name);
  const judge = offlineJudge(criterion, { embedder });
  const scoreOf = async (item: JudgedItem) => (await judge.judge(item, SUBJECT)).score;
  const instruction = 'How do I repot a cactus without hurting myself?';
  const fitting =
    'Wear thick gloves and wrap the cactus in folded newspaper. Tip it out of the old pot, shake off loose soil, set it ' +
    'into a slightly larger pot with gritty mix, and wait a week before you water it.';
  const foreign =
    'The treaty was signed in 1648 and ended thirty years of war. It let each prince choose the religion of his state, and ' +
    'it is often called the beginning of modern sovereignty.';

  it('scores high when it fits, low when it belongs to another instruction, lowest when it is empty', async () => {
    const [fits, strays, empty] = await Promise.all(
      [fitting, foreign, ''].map((response) => scoreOf({ instruction, response })),
    );
    const { min, max } = criterion.scale;
    const six = min + (5 / 9) * (max - min);
    expect(fits).toBeGreaterThan(six);
    expect(strays).toBeLessThan(min + 0.2 * (max - min));
    expect(empty).toBe(min);
  });

  it('is required', async () => {
    await expect(judge.judge({ instruction }, SUBJECT)).rejects.toThrow(
      new TypeError(`To judge ${name}, the instruction needs a response.`),
    );
  });

  it('is also judged by the input', async () => {
    const item = {
      instruction: 'Summarize this in one sentence.',
      response: 'Cacti need thick gloves and gritty soil.',
    };
    expect(await scoreOf({ ...item, input: fitting })).toBeGreaterThan(await scoreOf({ ...item, input: foreign }));
  });
});

describe('an instruction', () => {
  const scoreOf = async (criterion: 'quality' | 'complexity', instruction: string) =>
    (await offlineJudge(CRITERIA.find(criterion), { embedder }).judge({ instruction }, SUBJECT)).score;
  const plain = 'What is the capital of Peru?';
  const rich =
    'Design a two-week onboarding plan for a remote support agent. It must fit in 10 hours a week, include at least three live sessions, and explain how you would measure success.';

  it('has a higher quality when it is clear, and when it asks for more', async () => {
    const [junk, missing, simple, demanding] = await Promise.all(
      ['asdf', 'Summarize the article below.', plain, rich].map((text) => scoreOf('quality', text)),
    );
    expect(junk).toBeLessThan(0.5);
    expect(missing).toBeLessThan(2.5);
    expect(simple).toBeGreaterThan(2.5);
    expect(demanding).toBeGreaterThan(simple!);
  });

  it('is complex when it asks for much, unlike junk', async () => {
    const [junk, simple, demanding] = await Promise.all(
      ['asdf', plain, rich].map((text) => scoreOf('complexity', text)),
    );
    expect(junk).toBeLessThan(simple!);
    expect(simple).toBeLessThan(2);
    expect(demanding).toBeGreaterThan(3.5);
  });

  it('is described by its flaws or its richest features', async () => {
    const reasonOf = async (instruction: string) =>
      (await offlineJudge(CRITERIA.find('quality'), { embedder }).judge({ instruction }, SUBJECT)).reason;
    expect(await reasonOf('asdf')).toContain('Incomplete');
    expect(await reasonOf(rich)).toMatch(/^Clear; .*needs reasoning/);
    expect(await reasonOf(plain)).toBe('Clear; short, simple request');
  });
});
