import { describe, expect, it } from 'vitest';
import { minilmEmbedder } from '../../src/models/embedders/minilm-embedder.ts';
import { judgeKindFor, openJudge } from '../../src/runs/open-judge.ts';
import { CRITERIA } from '../../src/selection/judges/judge.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const sources = {
  judgingLlm: () => Promise.reject(new Error('There is no LLM here.')),
  localEmbedder: async () => minilmEmbedder(),
  prompt: () => {
    throw new Error('No prompt is needed.');
  },
};

describe('who judges', () => {
  it('is the LLM where there is one, else the expert scorer for responses and the offline judge for the rest', () => {
    expect(CRITERIA.map((criterion) => judgeKindFor(criterion, {}, 'openai'))).toEqual(CRITERIA.map(() => 'llm'));
    expect(
      Object.fromEntries(CRITERIA.map((criterion) => [criterion, judgeKindFor(criterion, {}, 'offline')])),
    ).toEqual({
      quality: 'offline',
      complexity: 'offline',
      accuracy: 'expert',
      helpfulness: 'expert',
      'response-quality': 'expert',
      necessity: 'offline',
    });
  });

  it('is whom the options name, the expert scorer where they name its file', () => {
    expect(judgeKindFor('accuracy', { judge: 'offline' }, 'openai')).toBe('offline');
    expect(judgeKindFor('accuracy', { judge: 'expert' }, 'openai')).toBe('expert');
    expect(judgeKindFor('accuracy', { scorer: 'mine.json' }, 'openai')).toBe('expert');
    // What is no response the expert scorer cannot judge, and it is not sent to an LLM nobody asked for.
    expect(judgeKindFor('complexity', { judge: 'expert' }, 'openai')).toBe('offline');
  });

  it.each(CRITERIA)('judges %s without an LLM, a key or a network', async (criterion) => {
    const judge = await openJudge(criterion, judgeKindFor(criterion, {}, 'offline'), sources);
    expect(judge.criterion).toBe(criterion);
    const item = { instruction: 'Name three rivers in Africa.', response: 'The Nile, the Congo and the Niger.' };
    const { score, reason } = await judge.judge(item, { subject: 'a test' });
    expect(score).toBeGreaterThanOrEqual(judge.scale.min);
    expect(score).toBeLessThanOrEqual(judge.scale.max);
    expect(reason).toMatch(/\S/);
  });

  it('opens a scorer of the user by its file, and says when that is none', async () => {
    const missing = folder.file('nowhere.json');
    await expect(openJudge('accuracy', 'expert', sources, missing)).rejects.toThrow(`There is no scorer "${missing}".`);
    const text = folder.write('text.json', '"hello"');
    await expect(openJudge('accuracy', 'expert', sources, text)).rejects.toThrow('is not a scorer');
  });
});
