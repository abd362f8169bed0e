import { seededRandom } from '../../src/math/random.ts';
import { npyContent } from '../../src/models/embedders/npy.ts';
import type { TemporaryFolder } from './temporary-folder.ts';

const COLUMNS = 8;

export interface TinyPool {
  readonly pool: string;
  readonly embeddings: string;
}

/** A pool of `size` different instructions with vectors, so that tests need not embed. */
export function writeTinyPool(folder: TemporaryFolder, size: number, name = 'pool'): TinyPool {
  const random = seededRandom(7, name);
  const lines = Array.from({ length: size }, (_, index) =>
    JSON.stringify({
      id: `t${index}`,
      instruction: `Task ${index}: explain ${'step by step '.repeat(random.below(6))}how ${random.below(1e6)} works.`,
      topic: `topic ${index % 5}`,
    }),
  );
  const data = Float32Array.from({ length: size * COLUMNS }, () => random.float() - 0.5);
  return {
    pool: folder.write(`${name}.jsonl`, `${lines.join('\n')}\n`),
    embeddings: folder.write(`${name}.npy`, Buffer.concat([...npyContent({ data, rows: size, columns: COLUMNS })])),
  };
}
