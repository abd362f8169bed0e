import { describe, expect, it } from 'vitest';
import { openAiUsage } from '../../../src/models/providers/openai-usage.ts';

describe('the usage of an OpenAI server', () => {
  const thought = (tokens: number) => ({ completion_tokens_details: { reasoning_tokens: tokens } });
  it.each([
    ['thinking within the completion', { completion_tokens: 540, total_tokens: 1040, ...thought(500) }, 540],
    ['thinking beside it, in the total', { completion_tokens: 40, total_tokens: 2540, ...thought(2000) }, 2040],
    ['thinking only in the total', { completion_tokens: 40, total_tokens: 2540 }, 2040],
    ['thinking beside it, without a total', { completion_tokens: 40, ...thought(2000) }, 2040],
    [
      'thinking beside it, and a total that leaves it out',
      { completion_tokens: 40, total_tokens: 540, ...thought(2000) },
      2040,
    ],
    ['a total that is too small', { completion_tokens: 40, total_tokens: 3 }, 40],
    ['only a total', { total_tokens: 540 }, 40],
    ['a completion that is no number', { completion_tokens: 'many' }, undefined],
    ['a completion written as text', { completion_tokens: '40' }, 40],
    ['nothing', {}, undefined],
  ])('with %s', (_, usage, outputTokens) => {
    expect(openAiUsage({ prompt_tokens: 500, ...usage })).toEqual({
      inputTokens: 500,
      cachedInputTokens: undefined,
      outputTokens,
    });
  });

  it('has cached input by either name', () => {
    const cached = { prompt_tokens: 500, prompt_cache_hit_tokens: 400, prompt_cache_miss_tokens: 100 };
    expect(openAiUsage(cached).cachedInputTokens).toBe(400);
    expect(openAiUsage({ prompt_tokens: 500, prompt_tokens_details: { cached_tokens: 300 } }).cachedInputTokens).toBe(
      300,
    );
  });

  it.each([[null], [undefined], ['free'], [[]], [{ prompt_tokens: -1, completion_tokens: 1.5, total_tokens: 1e300 }]])(
    'that is %j says nothing',
    (usage) => {
      expect(Object.values(openAiUsage(usage)).filter((count) => count !== undefined)).toEqual([]);
    },
  );
});
