import { createHash } from 'node:crypto';
import { EmbeddingError } from '../../domain/errors.ts';
import { embeddingText, type Instruction, pairText } from '../../domain/instruction.ts';
import { lazyConcat, lazyMap } from '../../domain/lazy-list.ts';
import type { Pool } from '../../domain/pool.ts';
import type { OnProgress } from '../../domain/progress.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import { type EmbeddingMatrix, rowsIn, takeRows } from '../../math/embedding-matrix.ts';
import type { EmbeddingCost } from '../../models/embedders/embedder.ts';
import { npyContent } from '../../models/embedders/npy.ts';
import { loadPrecomputed } from '../../models/embedders/precomputed.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import { writeFileAtomically } from '../../records/write-file-atomically.ts';
import type { Workbench } from '../workbench.ts';
import type { PickSettings } from './pick-options.ts';

/** Vectors of the instructions (`n × d`), of labeled items that are not among them (`l × d`) and of test items (`t × d`). */
export interface PoolVectors {
  readonly pool: EmbeddingMatrix;
  readonly outside: EmbeddingMatrix;
  /** No rows where vectors come from a file. */
  readonly tests: EmbeddingMatrix;
  /** `n × d`: what the strategy chooses by, where that is not `pool` but instruction and response together. */
  readonly pairs?: EmbeddingMatrix;
}

export interface VectorSource {
  /** Names the vectors: an embedding space, or the hash of the given ones. Part of the run's identity. */
  readonly name: string;
  /** What the user should know of the vectors. */
  readonly notes: readonly Wording[];
  /** What is still to be paid for; null where nothing is. */
  unpaid(): Promise<EmbeddingCost | null>;
  /** Embeds other texts in the same space. Absent where the vectors come from a file, or nothing needs any. */
  readonly embed?: (
    texts: readonly string[],
    options: { signal?: AbortSignal | undefined },
  ) => Promise<EmbeddingMatrix>;
  load(options: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined }): Promise<PoolVectors>;
}

/** 64 MB. */
const VALUES_PER_UPDATE = 2 ** 24;

const NO_VECTORS: EmbeddingMatrix = { data: new Float32Array(0), rows: 0, columns: 0 };

/** Items that are not in the pool. */
interface OtherItems {
  /** Labeled. */
  readonly outside: readonly Instruction[];
  readonly tests: readonly Instruction[];
}

/**
 * Where the vectors come from: a file, an embedder behind the cache, or nowhere, where neither the
 * strategy nor the options need any.
 * @throws EmbeddingError when the file does not fit the pool
 */
export async function openVectorSource(
  settings: PickSettings,
  pool: Pool,
  others: OtherItems,
  workbench: Pick<Workbench, 'embedder'>,
): Promise<VectorSource> {
  const { strategy, dedupeThreshold, saveEmbeddings, embeddings } = settings;
  if (strategy.needs.embeddings === 'none' && dedupeThreshold === 0 && saveEmbeddings === undefined) {
    return fixedSource('none', { pool: NO_VECTORS, outside: NO_VECTORS, tests: NO_VECTORS });
  }
  const source =
    embeddings === undefined
      ? embedderSource(settings, pool, others, workbench)
      : await precomputedSource(embeddings, pool, others.outside);
  return saveEmbeddings === undefined ? source : saving(source, saveEmbeddings, pool);
}

function fixedSource(name: string, vectors: PoolVectors): VectorSource {
  return { name, notes: [], unpaid: async () => null, load: async () => vectors };
}

async function precomputedSource(path: string, pool: Pool, outside: readonly Instruction[]): Promise<VectorSource> {
  if (outside.length > 0) {
    throw new EmbeddingError(
      `${outside.length} labeled items are not in the pool, so ${path} has no vectors for them.`,
      {
        hint: sentence`Add them to the pool (they are never picked), or use ${option('embedder')} instead of ${option('embeddings')}.`,
      },
    );
  }
  const rows = await loadPrecomputed(path, pool.positionOfRow.length);
  const firstRow = new Int32Array(pool.instructions.length);
  for (let row = pool.positionOfRow.length - 1; row >= 0; row -= 1) firstRow[pool.positionOfRow[row]!] = row;
  return fixedSource(`precomputed ${hashOfRows(rows).slice(0, 12)}`, {
    pool: takeRows(rows, firstRow),
    outside: { data: new Float32Array(0), rows: 0, columns: rows.columns },
    tests: NO_VECTORS,
  });
}

/** SHA-256 of the values, hex. In pieces, for one call takes less than 2 GiB. */
function hashOfRows({ data }: EmbeddingMatrix): string {
  const hash = createHash('sha256');
  for (let start = 0; start < data.length; start += VALUES_PER_UPDATE) {
    const { buffer, byteOffset, byteLength } = data.subarray(start, start + VALUES_PER_UPDATE);
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

function embedderSource(
  { embedder: settings, strategy }: PickSettings,
  pool: Pool,
  { outside, tests }: OtherItems,
  workbench: Pick<Workbench, 'embedder'>,
): VectorSource {
  const { instructions } = pool;
  const items = lazyConcat(instructions, outside, tests);
  const pairs = strategy.needs.embeddings === 'pairs' ? instructions : [];
  const texts = lazyConcat(lazyMap(items, embeddingText), lazyMap(pairs, pairText));
  const definition = EMBEDDERS.find(settings.kind);
  return {
    name: definition.identity(settings),
    notes: definition.notes?.(lazyMap(instructions, embeddingText)) ?? [],
    unpaid: async () => (await workbench.embedder()).unpaid(texts),
    embed: async (more, options) => (await workbench.embedder()).embedder.embed(more, options),
    load: async (options) => {
      const { embedder } = await workbench.embedder();
      const all = await embedder.embed(texts, options);
      const part = (start: number, rows: number) => rowsIn(all, { start, rows });
      return {
        pool: part(0, instructions.length),
        outside: part(instructions.length, outside.length),
        tests: part(instructions.length + outside.length, tests.length),
        ...(pairs.length > 0 ? { pairs: part(items.length, pairs.length) } : {}),
      };
    },
  };
}

/** Writes the vectors as they were loaded, one row per record read: the format that `embeddings` reads. */
function saving(source: VectorSource, path: string, pool: Pool): VectorSource {
  return {
    ...source,
    load: async (options) => {
      const vectors = await source.load(options);
      await writeFileAtomically(path, npyContent(takeRows(vectors.pool, pool.positionOfRow)));
      return vectors;
    },
  };
}
