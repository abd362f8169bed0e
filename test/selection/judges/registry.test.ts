import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { declaredOptions } from '../../../src/domain/options.ts';
import { NO_CALLS } from '../../../src/domain/usage.ts';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { CRITERIA } from '../../../src/selection/judges/criteria.ts';
import type { JudgeKind } from '../../../src/selection/judges/judge.ts';
import { JUDGES, judgeKindFor } from '../../../src/selection/judges/registry.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const sources = {
  judgingLlm: () => Promise.reject(new Error('There is no LLM here.')),
  localEmbedder: async () => minilmEmbedder(),
  prompt: () => {
    throw new Error('No prompt is needed.');
  },
};
const ACCURACY = CRITERIA.find('accuracy');
const COMPLEXITY = CRITERIA.find('complexity');

/** A judge as a plugin might add it: one criterion and one option. */
const patternJudge: JudgeKind = {
  name: 'pattern',
  summary: 'tests the response with a pattern',
  source: 'a test',
  limits: 'It knows a pattern and nothing else.',
  needs: 'none',
  options: z.object({ pattern: z.string().optional().describe('what a good response matches') }),
  judges: ({ name }) => name === 'accuracy',
  prompts: () => [],
  open: async (criterion, { pattern }) => ({
    criterion,
    name: `pattern ${pattern}`,
    shortName: 'pattern',
    concurrency: 1,
    judge: async ({ response = '' }) => ({
      score: new RegExp(String(pattern)).test(response) ? criterion.scale.max : criterion.scale.min,
      reason: 'tested',
      model: 'pattern',
      costMicroUsd: 0,
    }),
    estimate: () => NO_CALLS,
  }),
};

describe('the judge of a criterion', () => {
  it('is the LLM if there is one, else the expert scorer for responses and the offline judge otherwise', () => {
    const kinds = (provider: 'openai' | 'offline') =>
      Object.fromEntries(
        [...CRITERIA].map((criterion) => [criterion.name, judgeKindFor(criterion, {}, provider).name]),
      );
    expect(new Set(Object.values(kinds('openai')))).toEqual(new Set(['llm']));
    expect(kinds('offline')).toEqual({
      quality: 'offline',
      complexity: 'offline',
      accuracy: 'expert',
      helpfulness: 'expert',
      'response-quality': 'expert',
      necessity: 'offline',
    });
  });

  it('is the one named in the options, or the one whose option is given', () => {
    expect(judgeKindFor(ACCURACY, { judge: 'offline' }, 'openai').name).toBe('offline');
    expect(judgeKindFor(ACCURACY, { judge: 'expert' }, 'openai').name).toBe('expert');
    expect(judgeKindFor(ACCURACY, { scorer: 'mine.json' }, 'openai').name).toBe('expert');
    // The expert scorer does not judge instructions, and they are not sent to an LLM that was not requested.
    expect(judgeKindFor(COMPLEXITY, { judge: 'expert' }, 'openai').name).toBe('offline');
  });

  it('is reported with the known judges when it is unknown', () => {
    expect(() => judgeKindFor(ACCURACY, { judge: 'expart' }, 'offline')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: 'There is no judge "expart".',
        hint: 'Did you mean "expert"? Use one of: llm, expert, offline.',
      }),
    );
  });

  it.each(CRITERIA.names)('scores %s without an LLM, a key or a network', async (name) => {
    const criterion = CRITERIA.find(name);
    const judge = await judgeKindFor(criterion, {}, 'offline').open(criterion, {}, sources);
    expect(judge.criterion).toBe(criterion);
    const item = { instruction: 'Name three rivers in Africa.', response: 'The Nile, the Congo and the Niger.' };
    const { score, reason } = await judge.judge(item, { subject: 'a test' });
    expect(score).toBeGreaterThanOrEqual(criterion.scale.min);
    expect(score).toBeLessThanOrEqual(criterion.scale.max);
    expect(reason).toMatch(/\S/);
  });

  it("can be the user's own expert scorer, from a valid file", async () => {
    const open = (scorer: string) => JUDGES.find('expert').open(ACCURACY, { scorer }, sources);
    const missing = folder.file('nowhere.json');
    await expect(open(missing)).rejects.toThrow(`There is no scorer "${missing}".`);
    await expect(open(folder.write('text.json', '"hello"'))).rejects.toThrow('is not a scorer');
  });

  it('can be added by a plugin, with its own options', async () => {
    const judges = JUDGES.with(patternJudge);
    const kind = judgeKindFor(ACCURACY, { pattern: 'Nile' }, 'openai', judges);
    const judge = await kind.open(ACCURACY, { pattern: 'Nile' }, sources);
    const score = async (response: string) =>
      (await judge.judge({ instruction: '?', response }, { subject: 's' })).score;
    expect([await score('The Nile.'), await score('The Rhine.')]).toEqual([5, 0]);
    expect(judgeKindFor(COMPLEXITY, { judge: 'pattern' }, 'openai', judges).name).toBe('offline');
  });
});

describe.each([...JUDGES])('the judge $name', (kind) => {
  it('describes itself and its options', () => {
    for (const text of [kind.summary, kind.source, kind.limits]) expect(text).toMatch(/\S/);
    for (const { description } of declaredOptions(kind.options)) expect(description).toMatch(/\S/);
  });

  it('declares prompts for its criteria if it needs an LLM, and none otherwise', () => {
    for (const criterion of CRITERIA) {
      const expected = kind.needs === 'llm' && kind.judges(criterion) ? [criterion.prompt] : [];
      expect(kind.prompts(criterion)).toEqual(expected);
    }
  });
});
