import fc from 'fast-check';
import { encode as encodeEmbeddingText } from 'gpt-tokenizer/encoding/cl100k_base';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { countTokens, cutToTokens } from '../../../src/models/metering/token-count.ts';

const plain = { disallowedSpecial: new Set<string>() };

describe('countTokens', () => {
  it('counts what the tokenizer makes of the text', () => {
    expect(countTokens('')).toBe(0);
    expect(countTokens('Hello, world!')).toBe(4);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(countTokens(text)).toBe(encode(text, plain).length);
      }),
    );
  });

  it('takes the names of special tokens for text', () => {
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(1);
    expect(countTokens('<|im_start|>system')).toBeGreaterThan(2);
  });

  it('is exact for long text with spaces', () => {
    const text = 'The quick brown fox, 1,234 times over, jumps across the lazy dog. '.repeat(500);
    expect(countTokens(text)).toBe(encode(text, plain).length);
  });

  it('is at most a little too high for long text without a space', () => {
    const text = '漢字仮名交文'.repeat(1_000);
    const exact = encode(text, plain).length;
    expect(countTokens(text)).toBeGreaterThanOrEqual(exact);
    expect(countTokens(text)).toBeLessThan(exact * 1.01);
  });

  it('gets through a megabyte of one letter', () => {
    expect(countTokens('a'.repeat(1_000_000))).toBeGreaterThanOrEqual(125_000);
  });

  it('keeps surrogate pairs together', () => {
    const text = '😀'.repeat(3_000);
    expect(countTokens(text)).toBe(encode(text, plain).length);
  });
});

describe('cutToTokens', () => {
  it('keeps a text that fits as it is', () => {
    expect(cutToTokens('Hello, world!', 4)).toBe('Hello, world!');
  });

  it('gives the beginning with at most so many tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat({ max: 60 }), (text, maxTokens) => {
        const cut = cutToTokens(text.toWellFormed(), maxTokens, 'cl100k_base');
        expect(text.toWellFormed().startsWith(cut)).toBe(true);
        expect(encodeEmbeddingText(cut, plain).length).toBeLessThanOrEqual(Math.max(maxTokens, 0));
      }),
    );
  });

  it('keeps as much as fits of a long text', () => {
    const text = 'one two three four five '.repeat(4_000);
    const cut = cutToTokens(text, 8_191, 'cl100k_base');
    expect(text.startsWith(cut)).toBe(true);
    expect(encodeEmbeddingText(cut, plain).length).toBe(8_191);
  });
});
