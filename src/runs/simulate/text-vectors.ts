import type { OnProgress } from '../../domain/progress.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowOf } from '../../math/embedding-matrix.ts';
import type { Embedder } from '../../models/embedders/embedder.ts';

/** Vectors of texts. Each text is embedded once. Memory: d floats for each distinct text. */
export class TextVectors {
  readonly #embedder: Embedder;
  readonly #rows = new Map<string, Float32Array>();

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  /**
   * @param texts one or more
   * @returns `n × d`, in the order of the texts
   * @throws as the embedder does
   */
  async of(
    texts: readonly string[],
    { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined } = {},
  ): Promise<EmbeddingMatrix> {
    const missing = [...new Set(texts)].filter((text) => !this.#rows.has(text));
    if (missing.length > 0) {
      const vectors = await this.#embedder.embed(missing, {
        ...(signal ? { signal } : {}),
        ...(onProgress ? { onProgress } : {}),
      });
      missing.forEach((text, row) => {
        this.#rows.set(text, rowOf(vectors, row));
      });
    }
    const columns = this.#rows.get(texts[0]!)!.length;
    const data = new Float32Array(texts.length * columns);
    texts.forEach((text, row) => {
      data.set(this.#rows.get(text)!, row * columns);
    });
    return embeddingMatrix(data, texts.length, columns);
  }
}
