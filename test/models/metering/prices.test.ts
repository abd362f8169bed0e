import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../data/prices.json' with { type: 'json' };
import { UnknownPriceError } from '../../../src/domain/errors.ts';
import { parseUsd } from '../../../src/domain/money.ts';
import { priceContradiction } from '../../../src/domain/usage.ts';
import { openAiDefinition } from '../../../src/models/embedders/openai.ts';
import { findModel, parsePrice, pricesAsOf } from '../../../src/models/metering/prices.ts';
import { openLlm } from '../../../src/models/providers/open-llm.ts';

describe('findModel', () => {
  it('knows the price and the limits of a model', () => {
    expect(findModel('openai', 'gpt-4o-mini')).toEqual({
      price: { input: 150_000, cachedInput: 75_000, output: 600_000 },
      batchFactor: 0.5,
      batchCachedInput: 75_000,
      contextTokens: 128_000,
      maxOutputTokens: 16_384,
      reasoningTokens: 0,
    });
  });

  it.each([
    ['openai', 'gpt-4o-mini-2024-07-18', 'gpt-4o-mini'],
    ['openai', 'gpt-4o-2024-11-20', 'gpt-4o'],
    ['anthropic', 'claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['anthropic', 'claude-opus-4-20250514', 'claude-opus-4'],
    ['anthropic', 'claude-haiku-4-5-latest', 'claude-haiku-4-5'],
  ])('gives the dated snapshot %s %s the facts of %s', (provider, snapshot, family) => {
    expect(findModel(provider, snapshot)).toBeDefined();
    expect(findModel(provider, snapshot)).toEqual(findModel(provider, family));
  });

  it('prefers a snapshot of its own to the family', () => {
    expect(findModel('openai', 'gpt-4o-2024-05-13')?.price.input).toBe(5_000_000);
    expect(findModel('openai', 'gpt-3.5-turbo-1106')?.price.input).toBe(1_000_000);
  });

  it.each([
    'gpt-4o-mini-foo',
    'gpt-4o-audio-preview-2024-12-17',
    'gpt-4o-mini-2024',
    'gpt-4o-',
    'GPT-4o',
    '',
    'toString',
  ])('does not know "%s"', (model) => {
    expect(findModel('openai', model)).toBeUndefined();
  });

  it('marks models that are served no more', () => {
    expect(findModel('anthropic', 'claude-sonnet-4-20250514')?.retired).toBe('2026-06-15');
    expect(findModel('anthropic', 'claude-sonnet-4-6')).not.toHaveProperty('retired');
  });

  it.each(['gpt-4-turbo', 'gpt-5.3-codex', 'o1'])('knows %s', (model) => {
    expect(findModel('openai', model)).toBeDefined();
  });

  it('keeps the providers apart', () => {
    expect(findModel('anthropic', 'gpt-4o')).toBeUndefined();
    expect(findModel('compatible', 'gpt-4o')).toBeUndefined();
  });

  it('leaves room for models that think', () => {
    expect(findModel('openai', 'gpt-5-mini')?.reasoningTokens).toBeGreaterThan(4_000);
    expect(findModel('openai', 'gpt-4.1')?.reasoningTokens).toBe(0);
  });

  it('knows the length of vectors', () => {
    expect(findModel('openai', 'text-embedding-3-small')).toMatchObject({ dimensions: 1536, maxOutputTokens: 0 });
  });
});

describe('the price table', () => {
  const table = JSON.parse(readFileSync('data/prices.json', 'utf8')) as Record<
    string,
    { asOf: string; sources: string[]; models: Record<string, Record<string, string | number>> }
  >;

  it('says for each provider when it was checked, and against what', () => {
    for (const [provider, { asOf, sources }] of Object.entries(table)) {
      expect(pricesAsOf(provider)).toBe(asOf);
      expect(sources.length).toBeGreaterThan(0);
    }
    expect(pricesAsOf('compatible')).toBeUndefined();
  });

  it('has no model whose cached input or input is dearer than it should be', () => {
    for (const [provider, { models }] of Object.entries(table)) {
      for (const [model, facts] of Object.entries(models)) {
        const { price, contextTokens, maxOutputTokens } = findModel(provider, model)!;
        expect(price.cachedInput, model).toBeLessThanOrEqual(price.input);
        expect(maxOutputTokens, model).toBeLessThanOrEqual(Math.max(contextTokens, 128_000));
        expect(price.input, model).toBe(parseUsd(String(facts.input)));
        if (maxOutputTokens > 0) expect(price.output, model).toBeGreaterThan(price.input);
      }
    }
  });
});

describe('parsePrice', () => {
  it('reads input and output in USD per million tokens; cached input costs the same unless given', () => {
    expect(parsePrice('0.15,0.60')).toEqual({ input: 150_000, cachedInput: 150_000, output: 600_000 });
    expect(parsePrice(' 0.15, 0.60 ,0.075')).toEqual({ input: 150_000, cachedInput: 75_000, output: 600_000 });
    expect(parsePrice('0,0')).toEqual({ input: 0, cachedInput: 0, output: 0 });
  });

  it.each(['', '0.15', '0.15,', '0.15,x', '-1,2', '1,2,3,4', '1,2,', '1e3,2', '0.1234567,1'])(
    'refuses "%s"',
    (text) => {
      expect(() => parsePrice(text)).toThrow(
        expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('0.15,0.60') }),
      );
    },
  );

  it('never passes through a float', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999 }), fc.nat({ max: 999_999 }), (whole, millionths) => {
        const text = `${whole}.${String(millionths).padStart(6, '0')}`;
        expect(parsePrice(`${text},1`).input).toBe(whole * 1_000_000 + millionths);
      }),
    );
  });
});

describe('a price that contradicts itself', () => {
  it.each([
    ['cached input above input', '1,4,5', 'cached input costs $5.00, more than other input at $1.00'],
    ['output below a hundredth of input', '15,0.10', 'output costs $0.10, less than a hundredth of input at $15.00'],
    ['free output of a model that is not free', '1,0', 'output costs $0.00'],
  ])('is refused before anything is asked: %s', async (_, price, problem) => {
    const settings = { provider: 'compatible', model: 'm', baseUrl: 'http://localhost:1/v1', timeoutMs: 1_000 };
    await expect(openLlm({ ...settings, price: parsePrice(price) })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(problem),
    });
  });

  it('is refused of an embedding model too, whose output is free', () => {
    const served = { kind: 'openai', model: 'm', baseUrl: 'http://localhost:1/v1' };
    const estimate = (price: string) => openAiDefinition.estimate!({ ...served, price: parsePrice(price) }, ['a']);
    expect(() => estimate('1,0,2')).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(estimate('1,0').costMicroUsd.worstCase).toBeGreaterThan(0);
  });

  it('is none for a free model, and for none of the table', () => {
    expect(priceContradiction({ input: 0, cachedInput: 0, output: 0 }, true)).toBeUndefined();
    for (const [provider, { models }] of Object.entries(table)) {
      for (const [model, facts] of Object.entries(models)) {
        const { price } = findModel(provider, model)!;
        expect([model, priceContradiction(price, !('dimensions' in facts))]).toEqual([model, undefined]);
      }
    }
  });
});

describe('UnknownPriceError', () => {
  it('names the option that helps', () => {
    const error = new UnknownPriceError('openai', 'gpt-99', pricesAsOf('openai'));
    expect(error.code).toBe('UNKNOWN_PRICE');
    expect(error.message).toMatch(
      /^The price of openai model "gpt-99" is not in the price table of 20\d\d-\d\d-\d\d\.$/,
    );
    expect(error.hint).toContain('price: {"input":150000,');
  });
});
