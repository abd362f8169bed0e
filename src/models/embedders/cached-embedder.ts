import { EmbeddingError } from '../../domain/errors.ts';
import { textHash } from '../../domain/instruction.ts';
import { lazyMap } from '../../domain/lazy-list.ts';
import { cutRows } from '../../engine/shards.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowOf } from '../../math/embedding-matrix.ts';
import { KeyIndex } from '../../records/shards/key-index.ts';
import type { Embedder } from './embedder.ts';
import { assertMatrixFits } from './matrix-room.ts';

const HASHES_PER_LOOKUP = 8_192;

/**
 * Wraps an embedder so that it is asked only for texts whose vectors are not cached, and once for each.
 * New vectors are stored as they come: a run that is killed keeps what it has, and what was paid for is
 * not paid for again.
 *
 * What the cache holds is what counts: new vectors are read back before they are used. So where two
 * processes embed one text and the model's answers differ, both go on with the one stored first, and so
 * does every later run.
 *
 * A vector of zeros, or with values that are not finite, is not stored: the text has a row of zeros in the result, and the
 * next run asks for it again.
 *
 * Progress counts distinct texts and begins with a note "x of y from the cache".
 * Cost: one hash and one lookup per text, in chunks; memory n × d floats beyond what `embedder` takes.
 */
export function cachedEmbedder(embedder: Embedder, cache: VectorCache): Embedder {
  const { space, metered } = embedder;
  /** Asked for by this process, without a usable answer: not asked again before the next run. */
  const unusable = new Map<string, Float32Array>();
  return {
    space,
    metered,
    async embed(texts, { signal, onProgress, onVectors } = {}) {
      if (texts.length === 0) return embedder.embed(texts, { ...(signal && { signal }) });
      const distinct = new DistinctTexts(
        embedder.cacheText ? lazyMap(texts, (text) => embedder.cacheText!(text)) : texts,
      );
      const rows = new RowsByText(space, distinct, texts.length);
      /** Numbers of texts. */
      const missing: number[] = [];
      for (const { start, rows: count } of cutRows(distinct.size, HASHES_PER_LOOKUP)) {
        const numbers = Array.from({ length: count }, (_, index) => start + index);
        const cached = cache.get(space, distinct.hashesOf(numbers));
        for (const [index, number] of numbers.entries()) {
          const vector = cached[index] ?? unusable.get(distinct.hashOf(number));
          if (vector) rows.place(number, vector);
          else missing.push(number);
        }
      }
      const total = distinct.size;
      const hits = total - missing.length;
      const [found, all] = [hits, total].map((count) => count.toLocaleString('en-US'));
      onProgress?.({ phase: 'embed', done: hits, total, note: `${found} of ${all} from the cache` });

      let kept = 0;
      const keep = (first: number, vectors: EmbeddingMatrix) => {
        const numbers = missing.slice(first, first + vectors.rows);
        const hashes = distinct.hashesOf(numbers);
        const usable = hashes.map((_, row) => isUsable(rowOf(vectors, row)));
        cache.put(
          space,
          hashes,
          hashes.map((_, row) => (usable[row] ? rowOf(vectors, row) : null)),
        );
        cache.get(space, hashes).forEach((vector, index) => {
          const zeros = new Float32Array(vectors.columns);
          if (vector === undefined && !usable[index]) unusable.set(hashes[index]!, zeros);
          rows.place(numbers[index]!, vector ?? (usable[index] ? rowOf(vectors, index) : zeros));
        });
        kept += vectors.rows;
      };
      if (missing.length > 0) {
        const missingTexts = lazyMap(missing, (number) => texts[distinct.positionOf(number)]!);
        const vectors = await embedder.embed(missingTexts, {
          ...(signal && { signal }),
          onProgress: (event) => onProgress?.({ ...event, done: hits + event.done, total }),
          onVectors: keep,
        });
        // An embedder that costs nothing may hand over everything at its end.
        if (kept < missing.length) keep(0, vectors);
      }
      const matrix = rows.matrix();
      onVectors?.(0, matrix);
      return matrix;
    },
  };
}

function isUsable(vector: Float32Array): boolean {
  return vector.every(Number.isFinite) && vector.some((value) => value !== 0);
}

/** The result while it fills up: every vector goes to all positions of its text. */
class RowsByText {
  readonly #space: string;
  readonly #texts: DistinctTexts;
  readonly #rows: number;
  #matrix: EmbeddingMatrix | undefined;

  constructor(space: string, texts: DistinctTexts, rows: number) {
    this.#space = space;
    this.#texts = texts;
    this.#rows = rows;
  }

  /** @param number of a text */
  place(number: number, vector: Float32Array): void {
    const { length } = vector;
    // None of the new texts got a vector: their rows stay zero.
    if (length === 0) return;
    this.#matrix ??= newMatrix(this.#rows, length);
    if (length !== this.#matrix.columns) {
      throw new EmbeddingError(
        `Vectors of ${this.#matrix.columns} and of ${length} dimensions are cached for ${this.#space}.`,
        { hint: 'The model behind that name has changed. Delete the vector cache, or name another cache folder.' },
      );
    }
    for (const position of this.#texts.positionsOf(number)) rowOf(this.#matrix, position).set(vector);
  }

  matrix(): EmbeddingMatrix {
    return this.#matrix ?? embeddingMatrix(new Float32Array(0), this.#rows, 0);
  }
}

function newMatrix(rows: number, columns: number): EmbeddingMatrix {
  assertMatrixFits(rows, columns);
  return embeddingMatrix(new Float32Array(rows * columns), rows, columns);
}

const HASH_BYTES = 32;
const NONE = -1;

/** Texts by their hashes, numbered in the order of first appearance. Some 60 bytes a text; the texts are not held. */
class DistinctTexts {
  readonly #keys = new KeyIndex(HASH_BYTES);
  /** By number. */
  readonly #first: Int32Array;
  /** By position: the position before it of the same text, of the first the last one. */
  readonly #others: Int32Array;

  constructor(texts: readonly string[]) {
    this.#first = new Int32Array(texts.length);
    this.#others = new Int32Array(texts.length).fill(NONE);
    for (const [position, text] of texts.entries()) {
      const known = this.#keys.size;
      const number = this.#keys.numberOf(Buffer.from(textHash(text), 'hex'));
      if (number === known) this.#first[number] = position;
      else {
        const first = this.#first[number]!;
        this.#others[position] = this.#others[first]!;
        this.#others[first] = position;
      }
    }
  }

  get size(): number {
    return this.#keys.size;
  }

  hashOf(number: number): string {
    const { buffer, byteOffset, byteLength } = this.#keys.keyAt(number);
    return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
  }

  hashesOf(numbers: readonly number[]): string[] {
    return numbers.map((number) => this.hashOf(number));
  }

  /** The first. */
  positionOf(number: number): number {
    return this.#first[number]!;
  }

  *positionsOf(number: number): Generator<number> {
    for (let position = this.#first[number]!; position !== NONE; position = this.#others[position]!) yield position;
  }
}

/** Vectors already computed, by embedding space and text hash (SHA-256, hex). */
export interface VectorCache {
  /** One entry per hash, undefined where it is not cached. */
  get(space: string, hashes: readonly string[]): (Float32Array | undefined)[];
  /** Durable when it returns. Null: the embedder gave no usable vector. That is noted, and a vector replaces the note. */
  put(space: string, hashes: readonly string[], vectors: readonly (Float32Array | null)[]): void;
  /** Which of these texts got no usable vector when they were last embedded. */
  refused(space: string, hashes: readonly string[]): ReadonlySet<string>;
}
