import { describe, expect, test } from 'vitest';
import { type Engine, RefusedShardError, type ShardJob } from '../../../src/engine/engine.ts';
import { SharedFolder } from '../../../src/engine/shared-folder.ts';
import { embeddingMatrix, rowOf } from '../../../src/math/embedding-matrix.ts';
import { embedOnWorkers } from '../../../src/models/embedders/embed-on-workers.ts';
import { ShardEmbedding } from '../../../src/models/embedders/embed-shard.ts';
import type { Embedder } from '../../../src/models/embedders/embedder.ts';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { decodeVectorFile, encodeVectorFile } from '../../../src/models/embedders/vector-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const temporary = temporaryFolder();
const texts = Array.from({ length: 1_100 }, (_, index) => `Name ${index % 600} rivers`);

/** An engine that runs shards here, last one first. */
function engineHere(folder: SharedFolder, run: (job: ShardJob) => Promise<void>): Engine {
  return {
    folder,
    map: async (jobs, { onResult } = {}) => {
      for (const [shard, job] of [...jobs.entries()].reverse()) {
        await run(job);
        await onResult?.(shard);
      }
    },
    close: async () => undefined,
  };
}

/** MiniLM, with every value changed by a little. */
function changedBy(little: number): Embedder {
  const embedder = minilmEmbedder();
  return {
    ...embedder,
    embed: async (some, options) => {
      const { data, rows, columns } = await embedder.embed(some, options);
      return embeddingMatrix(
        data.map((value) => value + little),
        rows,
        columns,
      );
    },
  };
}

const settings = { kind: 'minilm', apiKey: 'sk-secret', keySource: 'A_KEY' };

test('vectors that workers made are those made here, bit for bit, in the order of the texts', async () => {
  const folder = new SharedFolder(temporary.file('same'));
  const work = new ShardEmbedding(folder);
  const jobs: ShardJob[] = [];
  const engine = engineHere(folder, (job) => {
    jobs.push(job);
    return work.run(job);
  });
  const notes: string[] = [];
  const here = minilmEmbedder();
  const onNote = (note: string) => notes.push(note);
  const spread = embedOnWorkers(here, settings, async () => engine, { version: '1', onNote });
  const handed: number[] = [];
  const progress: number[] = [];
  const vectors = await spread.embed(texts, {
    onVectors: (first, { rows }) => handed.push(first, rows),
    onProgress: ({ done }) => progress.push(done),
  });
  expect(vectors).toEqual(await here.embed(texts));
  expect(handed).toEqual([1_024, 76, 0, 1_024]);
  expect(progress.at(-1)).toBe(1_100);
  expect(jobs.map(({ name }) => name)).toEqual(['texts 1,025 to 1,100', 'texts 1 to 1,024']);
  expect(notes).toEqual([]);
  // Jobs carry names of files; no text and no key.
  expect(JSON.stringify(jobs)).not.toMatch(/rivers|secret/);
});

test('few texts are embedded here', async () => {
  const spread = embedOnWorkers(minilmEmbedder(), settings, () => Promise.reject(new Error('no engine')), {
    version: '1',
  });
  expect((await spread.embed(texts.slice(0, 3))).rows).toBe(3);
});

describe('a worker whose model', () => {
  const coordinator = (name: string, here: Embedder, notes: string[] = []) => {
    const folder = new SharedFolder(temporary.file(name));
    const work = new ShardEmbedding(folder);
    const engine = engineHere(folder, (job) => work.run(job));
    return embedOnWorkers(here, settings, async () => engine, { version: '1', onNote: (note) => notes.push(note) });
  };

  test('has other weights is refused', async () => {
    const embedding = coordinator('other', changedBy(0.01)).embed(texts);
    await expect(embedding).rejects.toThrow(RefusedShardError);
    await expect(embedding).rejects.toThrow('its weights of minilm/all-MiniLM-L6-v2 differ');
  });

  test('cannot be opened is refused', async () => {
    const folder = new SharedFolder(temporary.file('missing'));
    const work = new ShardEmbedding(folder);
    const onnx = { kind: 'onnx', model: temporary.file('no-such-model') };
    const engine = engineHere(folder, (job) => work.run(job));
    const spread = embedOnWorkers(minilmEmbedder(), onnx, async () => engine, { version: '1' });
    await expect(spread.embed(texts)).rejects.toThrow(/the model of the embedder onnx cannot be opened/);
  });

  test('rounds differently is used, and the run says so', async () => {
    const notes: string[] = [];
    const vectors = await coordinator('rounding', changedBy(1e-7), notes).embed(texts);
    expect(rowOf(vectors, 0)).toEqual(rowOf(await minilmEmbedder().embed(texts.slice(0, 1)), 0));
    expect(notes).toEqual([
      '2 of 2 shards come from processors that round differently from this machine. Picks may differ from those of a run on this machine alone.',
    ]);
  });
});

test('a file of vectors is read back to the bit, and one of another size is none', () => {
  const vectors = embeddingMatrix(Float32Array.from([1, -0, 1e-40, 0.1, 0.2, 0.3]), 2, 3);
  const bytes = encodeVectorFile({ vectors, sameBits: true });
  expect(decodeVectorFile(bytes)).toEqual({ vectors, sameBits: true });
  expect(decodeVectorFile(bytes.subarray(0, bytes.length - 1))).toBeUndefined();
  expect(decodeVectorFile(new Uint8Array(3))).toBeUndefined();
});
