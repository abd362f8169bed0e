import { expect, test } from 'vitest';
import { answerQuality } from '../../src/campaign/answer-quality.ts';
import { embeddingMatrix } from '../../src/math/embedding-matrix.ts';
import type { Embedder } from '../../src/models/embedders/embedder.ts';

/** Gives texts with "lost" in them no vector. */
const embedder: Embedder = {
  space: 'test',
  metered: false,
  embed: async (texts) =>
    embeddingMatrix(
      Float32Array.from(texts.flatMap((text) => (text.includes('lost') ? [0, 0] : [1, 0]))),
      texts.length,
      2,
    ),
};

test('an answer or a response without a vector has no cosine; an empty answer is as unlike as can be', async () => {
  const pairs = [
    { itemId: 'both', answer: 'yes', response: 'yes' },
    { itemId: 'no response', answer: 'yes', response: 'lost' },
    { itemId: 'no answer', answer: 'lost', response: 'yes' },
    { itemId: 'empty', answer: ' ', response: 'yes' },
  ];
  const quality = await answerQuality(pairs, embedder, undefined);
  expect(pairs.map(({ itemId }) => quality.get(itemId)!.cosine)).toEqual([1, undefined, undefined, 0]);
  expect(quality.get('no response')).toMatchObject({ rougeL: 0 });
});
