import { EmbeddingError } from '../../domain/errors.ts';
import { parseForeignJson } from '../../domain/foreign-json.ts';
import type { JsonObject } from '../../domain/json-value.ts';
import type { Engine, ShardJob, ShardProgress } from '../../engine/engine.ts';
import { cutRows } from '../../engine/shards.ts';
import { fileNameOf } from '../../engine/shared-folder.ts';
import { embeddingMatrix, rowsIn } from '../../math/embedding-matrix.ts';
import type { Embedder } from './embedder.ts';
import type { EmbedderSettings } from './embedder-settings.ts';
import { decodeVectorFile, encodeVectorFile, type VectorFile } from './vector-file.ts';

/** The kind of these shards. */
export const EMBED = 'embed';
/** Fixed, so that a run that goes on cuts what is left as before. Some 4 s of MiniLM on two cores, and 1.5 MB of vectors. */
const SHARD_TEXTS = 1_024;
/** So few are embedded sooner than handed out. */
const FEW_TEXTS = 256;
/** Every worker embeds them first: they show whether its weights and its processor are the coordinator's. */
export const PROBE_TEXTS = [
  'hi',
  'Summarize this article in three sentences for a reader in a hurry.',
  'Écris une fonction Python qui trie une liste de dates, les plus récentes d’abord.',
  '日本の四季について、子どもに説明してください。',
  `Compare these plans and explain which one fits a family of four. ${'It has data, calls and roaming. '.repeat(12)}`,
];

/**
 * Has workers embed: texts are cut into shards, each an input file and a file of vectors in the shared folder. Few texts are
 * embedded here. Vectors come in any order of shards, and go where their texts are.
 * @param embedder the same one opened here, whose probe the workers are compared with
 * @param onNote is told where workers gave other last bits
 */
export function embedOnWorkers(
  embedder: Embedder,
  settings: EmbedderSettings,
  openEngine: () => Promise<Engine>,
  { version, onNote }: { readonly version: string; readonly onNote?: ((note: string) => void) | undefined },
): Embedder {
  return {
    ...embedder,
    async embed(texts, options = {}) {
      if (texts.length <= FEW_TEXTS) return embedder.embed(texts, options);
      const { signal, onProgress, onVectors } = options;
      const probe = await embedder.embed(PROBE_TEXTS, signal ? { signal } : {});
      const engine = await openEngine();
      const { folder } = engine;
      const probeFile = encodeVectorFile({ vectors: probe, sameBits: true });
      const probeName = fileNameOf(['probe', probeFile], 'vectors');
      await folder.write(probeName, probeFile);
      const all = embeddingMatrix(new Float32Array(texts.length * probe.columns), texts.length, probe.columns);
      const shards = cutRows(texts.length, SHARD_TEXTS);
      const jobs: ShardJob[] = [];
      for (const { start, rows } of shards) {
        signal?.throwIfAborted();
        const content = Buffer.from(JSON.stringify(texts.slice(start, start + rows)));
        const input = fileNameOf(['texts', content], 'texts');
        if (!(await folder.has(input))) await folder.write(input, content);
        jobs.push({
          kind: EMBED,
          name: `texts ${(start + 1).toLocaleString('en-US')} to ${(start + rows).toLocaleString('en-US')}`,
          input,
          result: fileNameOf([EMBED, version, embedder.space, probeName, input], 'vectors'),
          settings: workerSettings(settings, embedder.space, probeName),
        });
      }
      let done = 0;
      let others = 0;
      let shown: ShardProgress = { done: 0, total: jobs.length, workers: 0, retries: 0 };
      const show = () => onProgress?.({ phase: 'embed', done, total: texts.length, note: progressNote(shown) });
      await engine.map(jobs, {
        signal,
        onProgress: (progress) => {
          shown = progress;
          show();
        },
        onResult: async (shard) => {
          const range = shards[shard]!;
          const found = await readVectors(engine, jobs[shard]!, range.rows, probe.columns);
          const target = rowsIn(all, range);
          target.data.set(found.vectors.data);
          if (!found.sameBits) others += 1;
          onVectors?.(range.start, target);
          done += range.rows;
          show();
        },
      });
      if (others > 0) {
        onNote?.(
          `${others} of ${jobs.length} shards come from processors that round differently from this machine. Picks may differ from those of a run on this machine alone.`,
        );
      }
      return all;
    },
  };
}

function progressNote({ done, total, workers, retries }: ShardProgress): string {
  const parts = [`${done} of ${total} shards`, `${workers} ${workers === 1 ? 'worker' : 'workers'}`];
  if (retries > 0) parts.push(`${retries} ${retries === 1 ? 'retry' : 'retries'}`);
  return parts.join(', ');
}

/** What a worker opens the embedder with: no key, no price, no address. */
function workerSettings({ kind, model, longTexts, own }: EmbedderSettings, space: string, probe: string): JsonObject {
  const given = { kind, model, longTexts, own, space, probe };
  return parseForeignJson(JSON.stringify(given)) as JsonObject;
}

async function readVectors({ folder }: Engine, job: ShardJob, rows: number, columns: number): Promise<VectorFile> {
  const bytes = await folder.read(job.result);
  const found = bytes && decodeVectorFile(bytes);
  if (found?.vectors.rows === rows && found.vectors.columns === columns) return found;
  throw new EmbeddingError(`The vectors of ${job.name} in ${folder.path} are damaged.`, {
    hint: 'Delete that folder and run the same command again.',
    data: { file: job.result },
  });
}
