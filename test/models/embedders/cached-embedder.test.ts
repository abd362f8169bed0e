import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddingError } from '../../../src/domain/errors.ts';
import { textHash } from '../../../src/domain/instruction.ts';
import type { ProgressEvent } from '../../../src/domain/progress.ts';
import { type EmbeddingMatrix, embeddingMatrix } from '../../../src/math/embedding-matrix.ts';
import { cachedEmbedder } from '../../../src/models/embedders/cached-embedder.ts';
import type { Embedder } from '../../../src/models/embedders/embedder.ts';
import { SqliteVectorCache } from '../../../src/models/embedders/sqlite-vector-cache.ts';

const BATCH = 4;

/** The vector a text should have: three numbers of its hash. */
function vectorOf(text: string): number[] {
  return [0, 2, 4].map((offset) => Number.parseInt(textHash(text).slice(offset, offset + 2), 16));
}

/** Embeds in batches of four, the last batch first, and remembers what it was asked. */
function hashEmbedder({ failAtBatch = Number.POSITIVE_INFINITY, drift = 0 } = {}): Embedder & { asked: string[] } {
  const asked: string[] = [];
  const embed = (texts: readonly string[]): EmbeddingMatrix => {
    const values = texts.flatMap(vectorOf).map((value) => value + drift);
    return embeddingMatrix(Float32Array.from(values), texts.length, 3);
  };
  return {
    space: 'hash',
    metered: false,
    asked,
    async embed(texts, { signal, onProgress, onVectors } = {}) {
      let done = 0;
      for (let batch = Math.ceil(texts.length / BATCH) - 1, number = 0; batch >= 0; batch -= 1, number += 1) {
        signal?.throwIfAborted();
        if (number === failAtBatch) throw new Error('the line was cut');
        const part = texts.slice(batch * BATCH, (batch + 1) * BATCH);
        asked.push(...part);
        onVectors?.(batch * BATCH, embed(part));
        done += part.length;
        onProgress?.({ phase: 'embed', done, total: texts.length });
      }
      return embed(texts);
    },
  };
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `text ${i}`);
const expectedRows = (texts: readonly string[]) => texts.flatMap(vectorOf);

describe('cachedEmbedder', () => {
  it('gives every text its vector, asks for distinct texts only, and never for one twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom(...'abcdefghijklm'), { minLength: 1 }), { maxLength: 5 }),
        async (lists) => {
          const embedder = hashEmbedder();
          const cached = cachedEmbedder(embedder, new SqliteVectorCache(':memory:'));
          for (const texts of lists) {
            const matrix = await cached.embed(texts);
            expect([matrix.rows, matrix.columns]).toEqual([texts.length, 3]);
            expect([...matrix.data]).toEqual(expectedRows(texts));
          }
          expect(embedder.asked.toSorted()).toEqual([...new Set(lists.flat())].sort());
        },
      ),
    );
  });

  it('keeps what came before a failure, so that only the rest is asked for again', async () => {
    const cache = new SqliteVectorCache(':memory:');
    const texts = numbered(20);
    const failing = hashEmbedder({ failAtBatch: 3 });
    await expect(cachedEmbedder(failing, cache).embed(texts)).rejects.toThrow('the line was cut');
    const again = hashEmbedder();
    const matrix = await cachedEmbedder(again, cache).embed(texts);
    expect([...failing.asked, ...again.asked].toSorted()).toEqual(texts.toSorted());
    expect([...matrix.data]).toEqual(expectedRows(texts));
  });

  it('tells how many came from the cache and counts on from there', async () => {
    const cached = cachedEmbedder(hashEmbedder(), new SqliteVectorCache(':memory:'));
    await cached.embed(numbered(3));
    const events: ProgressEvent[] = [];
    await cached.embed([...numbered(9), 'text 0'], { onProgress: (event) => events.push(event) });
    expect(events).toEqual([
      { phase: 'embed', done: 3, total: 9, note: '3 of 9 from the cache' },
      { phase: 'embed', done: 5, total: 9 },
      { phase: 'embed', done: 9, total: 9 },
    ]);
  });

  it('goes on with the vector that another process stored first', async () => {
    const cache = new SqliteVectorCache(':memory:');
    const mine = hashEmbedder({ drift: 1 });
    const overtaken: Embedder = {
      ...mine,
      embed: async (texts, options) => {
        await cachedEmbedder(hashEmbedder(), cache).embed(texts);
        return mine.embed(texts, options);
      },
    };
    const matrix = await cachedEmbedder(overtaken, cache).embed(numbered(5));
    expect(mine.asked.length).toBe(5);
    expect([...matrix.data]).toEqual(expectedRows(numbered(5)));
  });

  it('hands out its rows too', async () => {
    const cached = cachedEmbedder(hashEmbedder(), new SqliteVectorCache(':memory:'));
    const handed: number[] = [];
    const texts = ['a', 'b', 'a'];
    await cached.embed(texts, { onVectors: (first, rows) => handed.push(first, ...rows.data) });
    expect(handed).toEqual([0, ...expectedRows(texts)]);
  });

  it('passes the signal on and asks for nothing where everything is cached', async () => {
    const embedder = hashEmbedder();
    const cached = cachedEmbedder(embedder, new SqliteVectorCache(':memory:'));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(cached.embed(['a'], { signal })).rejects.toThrow('enough');
    await cached.embed(['a']);
    await cached.embed(['a'], { signal });
    expect(embedder.asked).toEqual(['a']);
    expect((await cached.embed([])).rows).toBe(0);
  });

  it('refuses cached vectors that do not fit together', async () => {
    const cache = new SqliteVectorCache(':memory:');
    cache.put('hash', [textHash('a')], [Float32Array.of(1, 2)]);
    const failure = await cachedEmbedder(hashEmbedder(), cache)
      .embed(['a', 'b'])
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EmbeddingError);
    expect(failure).toMatchObject({ message: 'Vectors of 2 and of 3 dimensions are cached for hash.' });
  });

  it('takes a lone surrogate and its replacement for one text, as their hashes do', async () => {
    const embedder = hashEmbedder();
    await cachedEmbedder(embedder, new SqliteVectorCache(':memory:')).embed(['\ud800', '\ufffd']);
    expect(embedder.asked).toEqual(['\ud800']);
  });
});
