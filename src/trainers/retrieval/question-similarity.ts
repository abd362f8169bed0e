import { type EmbeddingMatrix, rowsIn } from '../../math/embedding-matrix.ts';
import type { MatrixKernel } from '../../math/matrix-kernel.ts';
import { rougeWords } from '../../text/rouge-words.ts';
import { TermIndex } from '../../text/term-index.ts';

/** Characters (UTF-16 units) of a text's start and of its end that show what kind of task it is. */
const EDGE_CHARACTERS = 100;
const GRAM = 3;
const PARTS = 3;

/** Texts with their vectors, row by row. */
export interface EmbeddedTexts {
  readonly texts: readonly string[];
  /** `n × d`, unit rows. */
  readonly vectors: EmbeddingMatrix;
}

/**
 * How similar questions are to labeled instructions: the mean of three cosines, of the embeddings (subject), of TF-IDF
 * words (names and terms) and of the character trigrams of the first and the last 100 characters (kind of task: prompts
 * of one template start and end alike).
 */
export class QuestionSimilarity {
  readonly #labeled: EmbeddedTexts;
  readonly #kernel: MatrixKernel;
  readonly #words: TermIndex;
  readonly #edges: TermIndex;

  /** @param labeled at least one */
  constructor(labeled: EmbeddedTexts, kernel: MatrixKernel) {
    this.#labeled = labeled;
    this.#kernel = kernel;
    this.#words = new TermIndex(labeled.texts, rougeWords, { rarer: true });
    this.#edges = new TermIndex(labeled.texts, edgeGrams, { rarer: false });
  }

  /**
   * Calls `use` for each question, in order, with its similarity to every labeled instruction, in [−⅓, 1]. The array is
   * overwritten by the next call. O(n·m·d).
   */
  async each({ texts, vectors }: EmbeddedTexts, use: (similarity: Float64Array, row: number) => void): Promise<void> {
    const m = this.#labeled.texts.length;
    const similarity = new Float64Array(m);
    const rows = Math.max(1, Math.floor(PRODUCTS_AT_A_TIME / m));
    for (let start = 0; start < texts.length; start += rows) {
      const range = { start, rows: Math.min(rows, texts.length - start) };
      const products = await this.#kernel.multiply(rowsIn(vectors, range), this.#labeled.vectors);
      for (let i = 0; i < range.rows; i += 1) {
        similarity.set(products.subarray(i * m, (i + 1) * m));
        this.#words.addCosines(texts[start + i]!, similarity);
        this.#edges.addCosines(texts[start + i]!, similarity);
        for (let j = 0; j < m; j += 1) similarity[j]! /= PARTS;
        use(similarity, start + i);
      }
    }
  }
}

/** Products held at a time: 16 MB. */
const PRODUCTS_AT_A_TIME = 2 ** 22;

/** Trigrams of a text's start and, apart from them, of its end, in lower case. */
function edgeGrams(text: string): string[] {
  const grams: string[] = [];
  for (const [edge, part] of [
    ['^', text.slice(0, EDGE_CHARACTERS)],
    ['$', text.slice(-EDGE_CHARACTERS)],
  ] as const) {
    const lower = part.toLowerCase();
    for (let start = 0; start + GRAM <= lower.length; start += 1) grams.push(edge + lower.slice(start, start + GRAM));
  }
  return grams;
}
