import { z } from 'zod';
import { EngineError } from '../../domain/errors.ts';
import { parseForeignJson } from '../../domain/foreign-json.ts';
import { RefusedShardError, type ShardJob } from '../../engine/engine.ts';
import type { SharedFolder } from '../../engine/shared-folder.ts';
import type { EmbeddingMatrix } from '../../math/embedding-matrix.ts';
import { PROBE_TEXTS } from './embed-on-workers.ts';
import type { Embedder } from './embedder.ts';
import { LONG_TEXTS } from './fitting-batches.ts';
import { EMBEDDERS } from './registry.ts';
import { decodeVectorFile, encodeVectorFile } from './vector-file.ts';

/** Processors differ by some 1e-6 of a unit vector, other weights by far more. */
const SAME_WEIGHTS = 1e-4;

const settings = z.object({
  kind: z.string(),
  model: z.string().optional(),
  longTexts: z.enum(LONG_TEXTS).optional(),
  own: z.record(z.string(), z.unknown()).optional(),
  space: z.string(),
  probe: z.string(),
});

interface Opened {
  readonly embedder: Embedder;
  readonly sameBits: boolean;
}

/**
 * Embeds one shard after the other on a worker. A model is opened once, and compared with the coordinator's before the
 * first shard.
 */
export class ShardEmbedding {
  readonly #folder: SharedFolder;
  readonly #opened = new Map<string, Promise<Opened>>();

  constructor(folder: SharedFolder) {
    this.#folder = folder;
  }

  /** @throws RefusedShardError where this machine has another model; EngineError where the input is missing */
  async run(job: ShardJob): Promise<void> {
    const key = JSON.stringify(job.settings);
    const opening = this.#opened.get(key) ?? this.#open(job);
    this.#opened.set(key, opening);
    opening.catch(() => this.#opened.delete(key));
    const { embedder, sameBits } = await opening;
    const input = await this.#folder.read(job.input);
    if (input === undefined) throw new EngineError(`its input ${job.input} is not in ${this.#folder.path}`);
    const texts = z.array(z.string()).parse(parseForeignJson(Buffer.from(input).toString('utf8')));
    await this.#folder.write(job.result, encodeVectorFile({ vectors: await embedder.embed(texts), sameBits }));
  }

  async #open(job: ShardJob): Promise<Opened> {
    const { space, probe, ...given } = settings.parse(job.settings);
    const bytes = await this.#folder.read(probe);
    const expected = bytes && decodeVectorFile(bytes)?.vectors;
    if (expected === undefined) throw new EngineError(`the probe ${probe} is not in ${this.#folder.path}`);
    const definition = EMBEDDERS.find(given.kind);
    const embedder = await definition.openOnWorker?.(given).catch((error: unknown) => {
      throw new RefusedShardError(
        `the model of the embedder ${given.kind} cannot be opened (${(error as Error).message})`,
      );
    });
    if (embedder === undefined) throw new RefusedShardError(`workers cannot run the embedder ${given.kind}`);
    const difference = largestDifference(await embedder.embed(PROBE_TEXTS), expected);
    if (embedder.space !== space || difference > SAME_WEIGHTS) {
      throw new RefusedShardError(`its weights of ${embedder.space} differ from the coordinator's`);
    }
    return { embedder, sameBits: difference === 0 };
  }
}

function largestDifference(a: EmbeddingMatrix, b: EmbeddingMatrix): number {
  if (a.rows !== b.rows || a.columns !== b.columns) return Number.POSITIVE_INFINITY;
  return a.data.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b.data[at]!)), 0);
}
