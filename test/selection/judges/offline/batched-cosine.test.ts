import { describe, expect, it } from 'vitest';
import { embeddingMatrix } from '../../../../src/math/embedding-matrix.ts';
import type { Embedder } from '../../../../src/models/embedders/embedder.ts';
import { batchedCosine, PAIRS_PER_BATCH } from '../../../../src/selection/judges/offline/batched-cosine.ts';

/** Embeds a number of degrees as the direction it names, and remembers what it was asked. */
function compass(): { embedder: Embedder; asked: string[][] } {
  const asked: string[][] = [];
  const embedder: Embedder = {
    space: 'compass',
    metered: false,
    async embed(texts) {
      asked.push([...texts]);
      if (texts.includes('magnet')) throw new Error('The needle turns.');
      const angles = texts.map((text) => (Number(text) / 180) * Math.PI);
      return embeddingMatrix(
        Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])),
        texts.length,
        2,
      );
    },
  };
  return { embedder, asked };
}

describe('pairs of texts', () => {
  it('that are requested at the same time are embedded together, each text once', async () => {
    const { embedder, asked } = compass();
    const cosineOf = batchedCosine(embedder);
    const cosines = await Promise.all([cosineOf('0', '60'), cosineOf('0', '120'), cosineOf('0', '180')]);
    expect(cosines.map((cosine) => cosine.toFixed(4))).toEqual(['0.5000', '-0.5000', '-1.0000']);
    expect(asked).toEqual([['0', '60', '120', '180']]);
  });

  it('that come later wait for the previous batch', async () => {
    const { embedder, asked } = compass();
    const cosineOf = batchedCosine(embedder);
    await cosineOf('0', '60');
    expect(await cosineOf('0', '0')).toBeCloseTo(1);
    expect(asked).toEqual([['0', '60'], ['0']]);
  });

  it('are split into batches', async () => {
    const { embedder, asked } = compass();
    const cosineOf = batchedCosine(embedder);
    const count = PAIRS_PER_BATCH * 2 + 1;
    const cosines = await Promise.all(Array.from({ length: count }, (_, i) => cosineOf('0', String(i % 360))));
    expect(asked).toHaveLength(3);
    cosines.forEach((cosine, i) => {
      expect(cosine).toBeCloseTo(Math.cos((i / 180) * Math.PI), 5);
    });
  });

  it('fail with their own batch only', async () => {
    const { embedder } = compass();
    const cosineOf = batchedCosine(embedder);
    const failed = await Promise.allSettled([cosineOf('0', 'magnet'), cosineOf('0', '60')]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(cosineOf('0', '60')).resolves.toBeCloseTo(0.5);
  });
});
