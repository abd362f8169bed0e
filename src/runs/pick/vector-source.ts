import { createHash } from 'node:crypto';
import { EmbeddingError } from '../../domain/errors.ts';
import { embeddingText, type Instruction, pairText } from '../../domain/instruction.ts';
import type { Pool } from '../../domain/pool.ts';
import type { OnProgress } from '../../domain/progress.ts';
import { type EmbeddingMatrix, rowsIn, takeRows } from '../../math/embedding-matrix.ts';
import type { EmbeddingCost } from '../../models/embedders/embedder.ts';
import { npyContent } from '../../models/embedders/npy.ts';
import { loadPrecomputed } from '../../models/embedders/precomputed.ts';
import type { MeteredCaller } from '../../models/metering/metered-caller.ts';
import { writeFileAtomically } from '../../records/write-file-atomically.ts';
import { openEmbedder } from '../open-embedder.ts';
import type { PickSettings } from './pick-options.ts';

/** Vectors of the instructions (`n × d`) and of labeled items that are not among them (`l × d`). */
export interface PoolVectors {
  readonly pool: EmbeddingMatrix;
  readonly outside: EmbeddingMatrix;
  /** `n × d`: what the strategy chooses by, where that is not `pool` but instruction and response together. */
  readonly pairs?: EmbeddingMatrix;
}

export interface VectorSource {
  /** What is still to be paid for; null where nothing is. */
  unpaid(): EmbeddingCost | null;
  load(options: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined }): Promise<PoolVectors>;
}

/** A source whose name is known before the run's ledger is open, which a metered embedder needs. */
export interface ClosedVectorSource {
  /** Part of the run's identity. */
  readonly name: string;
  open(caller: MeteredCaller): VectorSource;
  close(): void;
}

const NO_VECTORS: EmbeddingMatrix = { data: new Float32Array(0), rows: 0, columns: 0 };

/**
 * Where the vectors come from: a file, an embedder behind the cache, or nowhere, where neither the
 * strategy nor the options need any.
 * @throws EmbeddingError when the file does not fit the pool
 */
export async function openVectorSource(
  settings: PickSettings,
  pool: Pool,
  outside: readonly Instruction[],
): Promise<ClosedVectorSource> {
  const needed =
    settings.strategy.needs.embeddings !== 'none' ||
    settings.dedupeThreshold > 0 ||
    settings.saveEmbeddings !== undefined;
  if (!needed) return fixedSource('none', { pool: NO_VECTORS, outside: NO_VECTORS });
  const source =
    settings.embeddings === undefined
      ? await embedderSource(settings, pool, outside)
      : await precomputedSource(settings.embeddings, pool, outside);
  return settings.saveEmbeddings === undefined ? source : saving(source, settings.saveEmbeddings, pool);
}

function fixedSource(name: string, vectors: PoolVectors): ClosedVectorSource {
  return { name, open: () => ({ unpaid: () => null, load: async () => vectors }), close: () => undefined };
}

async function precomputedSource(
  path: string,
  pool: Pool,
  outside: readonly Instruction[],
): Promise<ClosedVectorSource> {
  if (outside.length > 0) {
    throw new EmbeddingError(
      `${outside.length} labeled items are not in the pool, so ${path} has no vectors for them.`,
      { hint: 'Add them to the pool (they are never picked), or use --embedder instead of --embeddings.' },
    );
  }
  const rows = await loadPrecomputed(path, pool.positionOfRow.length);
  const firstRow = new Int32Array(pool.instructions.length);
  for (let row = pool.positionOfRow.length - 1; row >= 0; row -= 1) firstRow[pool.positionOfRow[row]!] = row;
  const hash = createHash('sha256').update(
    new Uint8Array(rows.data.buffer, rows.data.byteOffset, rows.data.byteLength),
  );
  return fixedSource(`precomputed ${hash.digest('hex').slice(0, 12)}`, {
    pool: takeRows(rows, firstRow),
    outside: { data: new Float32Array(0), rows: 0, columns: rows.columns },
  });
}

async function embedderSource(
  settings: PickSettings,
  pool: Pool,
  outside: readonly Instruction[],
): Promise<ClosedVectorSource> {
  const closed = await openEmbedder(settings);
  const items = [...pool.instructions, ...outside];
  const pairs = settings.strategy.needs.embeddings === 'pairs' ? pool.instructions : [];
  const texts = [...items.map(embeddingText), ...pairs.map(pairText)];
  return {
    name: closed.name,
    open: (caller) => {
      const { embedder, unpaid } = closed.open(caller);
      return {
        unpaid: () => unpaid(texts),
        load: async ({ signal, onProgress }) => {
          const all = await embedder.embed(texts, {
            ...(signal ? { signal } : {}),
            ...(onProgress ? { onProgress } : {}),
          });
          const part = (start: number, rows: number) => rowsIn(all, { start, rows });
          return {
            pool: part(0, pool.instructions.length),
            outside: part(pool.instructions.length, outside.length),
            ...(pairs.length > 0 ? { pairs: part(items.length, pairs.length) } : {}),
          };
        },
      };
    },
    close: () => closed.close(),
  };
}

/** Writes the vectors as they were loaded, one row per record read, as `--embeddings` wants them. */
function saving(source: ClosedVectorSource, path: string, pool: Pool): ClosedVectorSource {
  return {
    ...source,
    open: (caller) => {
      const opened = source.open(caller);
      return {
        ...opened,
        load: async (options) => {
          const vectors = await opened.load(options);
          await writeFileAtomically(path, npyContent(takeRows(vectors.pool, pool.positionOfRow)));
          return vectors;
        },
      };
    },
  };
}
