import fc from 'fast-check';
import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { countTokens as countP50k } from 'gpt-tokenizer/encoding/p50k_base';
import { countTokens as countR50k } from 'gpt-tokenizer/encoding/r50k_base';
import { modelToEncodingMap } from 'gpt-tokenizer/mapping';
import { describe, expect, it } from 'vitest';
import prices from '../../../data/prices.json' with { type: 'json' };
import { embeddingTokens } from '../../../src/models/embedders/text-batches.ts';
import { type ModelTokens, modelTokens } from '../../../src/models/metering/model-tokens.ts';
import { openAiEncoding } from '../../../src/models/metering/openai-encoding.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import recorded from '../../fixtures/public-tokenizers.json' with { type: 'json' };

const PLAIN = { disallowedSpecial: new Set<string>() };
const TRUE_COUNTS = {
  o200k_base: (text: string) => countO200k(text, PLAIN),
  cl100k_base: (text: string) => countCl100k(text, PLAIN),
  p50k_base: (text: string) => countP50k(text, PLAIN),
  r50k_base: (text: string) => countR50k(text, PLAIN),
};

/** First and last code point of the letters of each script. */
const SCRIPTS: Readonly<Record<string, readonly [number, number]>> = {
  English: [0x61, 0x7a],
  'Latin with accents': [0xc0, 0x24f],
  Greek: [0x391, 0x3c9],
  Cyrillic: [0x400, 0x4ff],
  Armenian: [0x531, 0x556],
  Hebrew: [0x5d0, 0x5ea],
  Arabic: [0x620, 0x64a],
  'Arabic ligatures': [0xfb50, 0xfbb1],
  Devanagari: [0x905, 0x939],
  Bengali: [0x985, 0x9b9],
  Gurmukhi: [0xa05, 0xa39],
  Tamil: [0xb85, 0xbb9],
  Telugu: [0xc05, 0xc39],
  Thai: [0xe01, 0xe3a],
  Lao: [0xe81, 0xeb3],
  Tibetan: [0xf40, 0xf6c],
  Burmese: [0x1000, 0x102a],
  Georgian: [0x10d0, 0x10fa],
  Amharic: [0x1200, 0x1348],
  Khmer: [0x1780, 0x17b3],
  Hiragana: [0x3041, 0x3096],
  Han: [0x4e00, 0x9fff],
  Hangul: [0xac00, 0xd7a3],
  Emoji: [0x1f300, 0x1f5ff],
  'digits and signs': [0x20, 0x3f],
};

const textIn = ([first, last]: readonly [number, number]) =>
  fc
    .array(fc.oneof({ weight: 6, arbitrary: fc.integer({ min: first, max: last }) }, fc.constant(0x20)), {
      maxLength: 60,
    })
    .map((codes) => String.fromCodePoint(...codes));

const openAiModels = Object.entries(prices.openai.models).map(([model, facts]) => {
  const isEmbedding = 'dimensions' in facts;
  const margins = PROVIDERS.find('openai').tokenMargins;
  return [model, isEmbedding ? embeddingTokens('openai', model) : modelTokens(model, margins)] as const;
});

describe('the tokens of a model', () => {
  it('have the encoding that OpenAI names, for every model of the price table', () => {
    const named: Readonly<Record<string, string>> = modelToEncodingMap;
    for (const [model] of openAiModels) {
      expect([model, openAiEncoding(model)]).toEqual([model, named[model] ?? 'o200k_base']);
    }
    expect(openAiEncoding('gpt-3.5-turbo')).toBe('cl100k_base');
    expect(openAiEncoding('text-embedding-3-large')).toBe('cl100k_base');
  });

  it.each([
    ['ft:gpt-4o-mini-2024-07-18:org:winnow:1', 'o200k_base'],
    ['ft:gpt-3.5-turbo-0125:org::1', 'cl100k_base'],
    ['gpt-4-turbo', 'cl100k_base'],
    ['gpt-4.1-nano', 'o200k_base'],
    ['text-davinci-003', 'p50k_base'],
    ['davinci', 'r50k_base'],
    ['davinci-002', 'cl100k_base'],
    ['o3-mini', 'o200k_base'],
    ['gpt-4ever', undefined],
    ['qwen3', undefined],
    ['olmo', undefined],
  ])('of %s are encoded by %s', (model, encoding) => {
    expect(openAiEncoding(model)).toBe(encoding);
  });

  it.each(Object.keys(SCRIPTS))('are never more than the worst case, of any OpenAI model, in %s', (script) => {
    const models = new Map(openAiModels.map(([model, tokens]) => [openAiEncoding(model)!, tokens]));
    fc.assert(
      fc.property(textIn(SCRIPTS[script]!), (text) => {
        for (const [encoding, tokens] of models) {
          const trueCount = TRUE_COUNTS[encoding](text);
          expect(tokens.count(text)).toBe(trueCount);
          expect(tokens.most(text)).toBeGreaterThanOrEqual(trueCount);
          expect(tokens.mostInput([text])).toBeGreaterThan(trueCount + 6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(SCRIPTS))(
    'are never more than the worst case of a server that may use any of them, in %s',
    (script) => {
      const unknown: ModelTokens[] = ['compatible', 'anthropic', 'gemini'].map((provider) =>
        modelTokens('some-model', PROVIDERS.find(provider).tokenMargins),
      );
      fc.assert(
        fc.property(textIn(SCRIPTS[script]!), (text) => {
          const most = Math.max(...Object.values(TRUE_COUNTS).map((trueCount) => trueCount(text)));
          for (const tokens of unknown) expect(tokens.most(text)).toBeGreaterThanOrEqual(most);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('are never more than the worst case by the public tokenizers of Gemini, Claude 2, Llama 2, Mistral, Qwen and DeepSeek', () => {
    const providers = { claude: 'anthropic', gemini: 'gemini' } as Readonly<Record<string, string>>;
    for (const { text, tokens } of recorded) {
      for (const [tokenizer, trueCount] of Object.entries(tokens)) {
        const { most } = modelTokens('m', PROVIDERS.find(providers[tokenizer] ?? 'compatible').tokenMargins);
        expect([tokenizer, text, most(text) >= trueCount]).toEqual([tokenizer, text, true]);
      }
    }
  });

  it('have a worst case that is not far from the count in English', () => {
    const text = 'Explain how a bill becomes law in the United States, in five steps. '.repeat(20);
    const { count, most } = modelTokens('m');
    expect(most(text)).toBeLessThan(1.8 * count(text));
    expect(modelTokens('gpt-4o', PROVIDERS.find('openai').tokenMargins).most(text)).toBe(count(text));
  });

  it('of a model that OpenAI does not name are bounded like those of any server', () => {
    const { most } = modelTokens('gpt-x', PROVIDERS.find('openai').tokenMargins);
    expect(most('ຄຓຆຈຜຌຬ')).toBeGreaterThanOrEqual(7 * 3);
  });

  it('grow with every message, and with the reply that is sent back', () => {
    const { mostInput, mostOfTokens, mostOfMessage } = modelTokens('m');
    expect(mostInput(['a', ''])).toBeGreaterThan(mostInput(['a']));
    expect(mostInput(['a'])).toBe(800 + mostOfMessage('a'));
    expect(mostOfTokens(100)).toBeGreaterThan(150);
  });

  it('take linear time of a megabyte without a space', () => {
    expect(modelTokens('m').most('漢'.repeat(300_000))).toBeGreaterThan(300_000);
  });
});
