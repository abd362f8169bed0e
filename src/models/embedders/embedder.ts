import type { MicroUsd, Range } from '../../domain/money.ts';
import type { OnProgress } from '../../domain/progress.ts';
import type { EmbeddingMatrix } from '../../math/embedding-matrix.ts';

/** Turns texts into unit vectors. */
export interface Embedder {
  /** Names the vector space, e.g. `minilm/all-MiniLM-L6-v2`: vectors of two names must never be compared or cached together. */
  readonly space: string;
  /** Whether embedding costs money or tokens. */
  readonly metered: boolean;
  /** What a text's vector is cached by, where that is not the text: another vector than earlier versions gave needs another. */
  cacheText?(text: string): string;
  /**
   * @param texts n texts, any length; longer ones than the model takes are cut
   * @returns `n × d`, rows of unit length in the order of the texts. A row of zeros stands for a text that got no usable
   *   vector; it is never cached, picked by, or compared with. Without columns where no text got one
   * @param options.onVectors is handed rows as they come, before their cost is settled: what it stores
   *   durably is never paid for again. Rows may come in any order of
   *   batches; each batch is consecutive and starts with the row of `texts[first]`.
   * @throws EmbeddingError | ProviderError | BudgetExceededError; or the signal's reason
   */
  embed(
    texts: readonly string[],
    options?: {
      signal?: AbortSignal;
      onProgress?: OnProgress;
      onVectors?: (first: number, vectors: EmbeddingMatrix) => void;
    },
  ): Promise<EmbeddingMatrix>;
}

/** What embedding will cost. */
export interface EmbeddingCost {
  readonly model: string;
  readonly texts: number;
  readonly calls: number;
  readonly tokens: Range;
  readonly costMicroUsd: { readonly expected: MicroUsd; readonly worstCase: MicroUsd };
}

export interface OpenEmbedder {
  /** Behind the cache: a text is embedded once. */
  readonly embedder: Embedder;
  /**
   * What these texts will cost; null where nothing is left to pay.
   * @param options.butRefused leave out texts that got no usable vector when they were last embedded
   */
  unpaid(texts: readonly string[], options?: { readonly butRefused?: boolean }): EmbeddingCost | null;
}
