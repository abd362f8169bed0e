import { EmbeddingError } from '../../domain/errors.ts';
import { textHash } from '../../domain/instruction.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowOf } from '../../math/embedding-matrix.ts';
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
      const positions = positionsByHash(embedder.cacheText ? texts.map((text) => embedder.cacheText!(text)) : texts);
      const rows = new RowsByHash(space, positions, texts.length);
      const missing: string[] = [];
      for (const hashes of chunksOf([...positions.keys()], HASHES_PER_LOOKUP)) {
        const cached = cache.get(space, hashes);
        hashes.forEach((hash, index) => {
          const vector = cached[index] ?? unusable.get(hash);
          if (vector) rows.place(hash, vector);
          else missing.push(hash);
        });
      }
      const total = positions.size;
      const hits = total - missing.length;
      const [found, all] = [hits, total].map((count) => count.toLocaleString('en-US'));
      onProgress?.({ phase: 'embed', done: hits, total, note: `${found} of ${all} from the cache` });

      let kept = 0;
      const keep = (first: number, vectors: EmbeddingMatrix) => {
        const hashes = missing.slice(first, first + vectors.rows);
        const usable = hashes.map((_, row) => isUsable(rowOf(vectors, row)));
        cache.put(
          space,
          hashes,
          hashes.map((_, row) => (usable[row] ? rowOf(vectors, row) : null)),
        );
        cache.get(space, hashes).forEach((vector, index) => {
          const hash = hashes[index]!;
          const zeros = new Float32Array(vectors.columns);
          if (vector === undefined && !usable[index]) unusable.set(hash, zeros);
          rows.place(hash, vector ?? (usable[index] ? rowOf(vectors, index) : zeros));
        });
        kept += vectors.rows;
      };
      if (missing.length > 0) {
        const missingTexts = missing.map((hash) => texts[positions.get(hash)![0]!]!);
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
class RowsByHash {
  readonly #space: string;
  readonly #positions: ReadonlyMap<string, readonly number[]>;
  readonly #rows: number;
  #matrix: EmbeddingMatrix | undefined;

  constructor(space: string, positions: ReadonlyMap<string, readonly number[]>, rows: number) {
    this.#space = space;
    this.#positions = positions;
    this.#rows = rows;
  }

  place(hash: string, vector: Float32Array): void {
    const { length } = vector;
    this.#matrix ??= newMatrix(this.#rows, length);
    if (length !== this.#matrix.columns) {
      throw new EmbeddingError(
        `Vectors of ${this.#matrix.columns} and of ${length} dimensions are cached for ${this.#space}.`,
        { hint: 'The model behind that name has changed. Delete the vector cache, or name another cache folder.' },
      );
    }
    for (const position of this.#positions.get(hash)!) rowOf(this.#matrix, position).set(vector);
  }

  matrix(): EmbeddingMatrix {
    return this.#matrix!;
  }
}

function newMatrix(rows: number, columns: number): EmbeddingMatrix {
  assertMatrixFits(rows, columns);
  return embeddingMatrix(new Float32Array(rows * columns), rows, columns);
}

/** Where each text stands, by hash, in the order of first appearance. */
function positionsByHash(texts: readonly string[]): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  for (const [position, text] of texts.entries()) {
    const hash = textHash(text);
    const known = positions.get(hash);
    if (known) known.push(position);
    else positions.set(hash, [position]);
  }
  return positions;
}

function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let first = 0; first < items.length; first += size) yield items.slice(first, first + size);
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
