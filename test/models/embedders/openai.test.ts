import { describe, expect, it } from 'vitest';
import { openAiDefinition } from '../../../src/models/embedders/openai.ts';
import { CAUTIOUS_MARGINS, modelTokens } from '../../../src/models/metering/model-tokens.ts';
import { parsePrice } from '../../../src/models/metering/prices.ts';

const { most } = modelTokens('m', CAUTIOUS_MARGINS);
const served = { kind: 'openai', model: 'm', baseUrl: 'http://localhost:8000/v1', price: parsePrice('1,0') };

describe('the embedder openai', () => {
  it('estimates each call as rounded up to whole tokens and micro-dollars', () => {
    const texts = Array.from({ length: 600 }, () => 'word');
    expect(openAiDefinition.estimate!(served, texts)).toEqual({
      model: 'm',
      texts: 600,
      calls: 3,
      tokens: { expected: 600, worstCase: 600 * most('word') + 3 },
      costMicroUsd: { expected: 600, worstCase: 600 * most('word') + 6 },
    });
  });

  it('counts the calls that long texts take', () => {
    const long = ' word'.repeat(50_000);
    expect(openAiDefinition.estimate!(served, [long, long, long])).toMatchObject({
      calls: 2,
      tokens: { expected: 150_000, worstCase: 3 * most(long) + 2 },
    });
  });

  it('adds no margin where OpenAI counts', () => {
    expect(openAiDefinition.estimate!({ kind: 'openai' }, ['word', 'word']).tokens).toEqual({
      expected: 2,
      worstCase: 3,
    });
  });

  it('is named for its vectors in a run’s identity, by address where there is one', () => {
    expect(openAiDefinition.identity({ kind: 'openai' })).toBe('openai text-embedding-3-small');
    expect(openAiDefinition.identity(served)).toBe('http://localhost:8000/v1 m');
    expect(() => openAiDefinition.identity({ ...served, model: undefined })).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    );
    expect(() => openAiDefinition.identity({ ...served, price: undefined })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_PRICE' }),
    );
  });

  it('sends OpenAI’s key to OpenAI alone', () => {
    expect(openAiDefinition.keyVariable!({})).toBe('OPENAI_API_KEY');
    expect(openAiDefinition.keyVariable!(served)).toBe('WINNOW_EMBEDDING_API_KEY');
  });
});
