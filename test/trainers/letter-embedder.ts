import { embeddingMatrix } from '../../src/math/embedding-matrix.ts';
import type { Embedder } from '../../src/models/embedders/embedder.ts';

const COLUMNS = 26;

/** An embedder that is easy to check by eye: how often each letter occurs. It counts the requests. */
export function letterEmbedder(
  fail: () => Error | undefined = () => undefined,
): Embedder & { readonly calls: number[] } {
  const calls: number[] = [];
  return {
    space: 'letters',
    metered: false,
    calls,
    async embed(texts, { signal } = {}) {
      calls.push(texts.length);
      const failure = fail();
      if (failure) throw failure;
      signal?.throwIfAborted();
      return embeddingMatrix(Float32Array.from(texts.flatMap(letterCounts)), texts.length, COLUMNS);
    },
  };
}

function letterCounts(text: string): number[] {
  const counts = new Array<number>(COLUMNS).fill(0.01);
  for (const letter of text.toLowerCase().match(/[a-z]/g) ?? []) counts[letter.charCodeAt(0) - 97]! += 1;
  const length = Math.hypot(...counts);
  return counts.map((count) => count / length);
}
