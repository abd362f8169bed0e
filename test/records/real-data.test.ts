import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ReadPoolOptions } from '../../src/records/pool-source.ts';
import { readPool } from '../../src/records/read-pool.ts';

const dataFolder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

interface Expected {
  readonly file: string;
  readonly options?: ReadPoolOptions;
  readonly rows: number;
  readonly exactDuplicates: number;
  readonly firstId: string;
}

const EXPECTED: readonly Expected[] = [
  { file: 'dolly-3k.jsonl', rows: 2_996, exactDuplicates: 15, firstId: 'dolly-0' },
  {
    file: 't0-50k.jsonl.gz',
    rows: 55_185,
    exactDuplicates: 3_165,
    firstId: 't0-adversarial_qa_dbert_answer_the_following_q-0',
  },
  { file: 'self-instruct-252.jsonl', rows: 252, exactDuplicates: 0, firstId: 'user_oriented_task_0' },
  { file: 'mods-sample.json', rows: 100, exactDuplicates: 0, firstId: 'it_6e51c47d831a' },
  { file: 'car-selected.json', rows: 1_013, exactDuplicates: 0, firstId: 'it_643958615185' },
  {
    file: 'expert-pairs-valid.csv',
    options: { fields: { instruction: 'src' } },
    rows: 508,
    exactDuplicates: 0,
    firstId: 'it_3367082947c9',
  },
];

if (!existsSync(dataFolder)) process.stdout.write(`Skipped, no real data in ${dataFolder}: reading real pools\n`);

describe.skipIf(!existsSync(dataFolder))('real data', () => {
  it.each(EXPECTED)('$file is read whole', async ({ file, options, rows, exactDuplicates, firstId }) => {
    const pool = await readPool([dataFolder + file], options);
    expect(pool.positionOfRow).toHaveLength(rows);
    expect(pool.exactDuplicates).toBe(exactDuplicates);
    expect(pool.instructions).toHaveLength(rows - exactDuplicates);
    expect(pool.instructions[0]!.id).toBe(firstId);
    expect(pool.repeatedIds).toBe(0);
    expect(pool.badRecordCount).toBe(0);
  });
});
