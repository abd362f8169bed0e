import { PoolError, UsageError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { ReadPoolOptions } from '../../records/pool-source.ts';
import { readPool } from '../../records/read-pool.ts';
import type { PoolLook } from '../output/render-pool-look.ts';

const LOOKED_AT = 1_000;

/** Reads a pool as the campaign will, to say what is in it, or why it cannot be read. */
export async function lookAtPool(
  files: readonly string[],
  options: Pick<ReadPoolOptions, 'remote' | 'signal' | 'onProgress'>,
): Promise<PoolLook> {
  try {
    const pool = await readPool(files, { ...options, skipBadLines: true });
    const [bad] = pool.badRecords;
    return {
      files,
      records: pool.positionOfRow.length,
      instructions: pool.instructions.length,
      badRecords: pool.badRecordCount,
      firstBad: bad === undefined ? null : `${bad.source.file}:${bad.source.line}: ${bad.cause}`,
      fields: fieldsOf(pool.instructions.slice(0, LOOKED_AT)),
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof PoolError || error instanceof UsageError)) throw error;
    return { files, records: 0, instructions: 0, badRecords: 0, firstBad: null, fields: {}, problem: error.message };
  }
}

/** Which field of the records plays which part, by what came out of them: the one most of them have it in. */
function fieldsOf(instructions: readonly Instruction[]): PoolLook['fields'] {
  const roles = ['instruction', 'input', 'output', 'id'] as const;
  return Object.fromEntries(
    roles.flatMap((role) => {
      const counts = new Map<string, number>();
      for (const item of instructions) {
        const found = Object.entries(item.record).find(
          ([, value]) => item[role] !== undefined && String(value) === item[role],
        );
        if (found) counts.set(found[0], (counts.get(found[0]) ?? 0) + 1);
      }
      const [most] = [...counts].sort(([, a], [, b]) => b - a);
      return most === undefined ? [] : [[role, most[0]]];
    }),
  );
}
