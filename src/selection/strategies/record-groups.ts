import type { Instruction, JsonValue } from '../../domain/instruction.ts';
import { takeRows } from '../../math/embedding-matrix.ts';
import { kMeans } from '../../math/k-means.ts';
import { seededRandom } from '../../math/random.ts';
import { checkField, fieldOf } from '../measures/field-measure.ts';
import type { StrategyContext } from './strategy.ts';

/** CaR's rule of thumb (arXiv 2402.18191): ⌊√(n/2)⌋ clusters of n rows, at least one. */
export function usualClusters(rows: number): number {
  return Math.max(1, Math.floor(Math.sqrt(rows / 2)));
}

/**
 * The names in a field of each instruction's record, such as its task or its tags: those of a list, or one. Texts may
 * list several, separated by commas, with `several`.
 * @param nameOfOption the option that names the field, for the message
 * @returns parallel to the positions; empty where the record names none
 * @throws PoolError when no record has the field
 */
export function namesIn(
  field: string,
  instructions: readonly Instruction[],
  positions: readonly number[],
  { nameOfOption, several }: { readonly nameOfOption: string; readonly several: boolean },
): readonly (readonly string[])[] {
  checkField(
    field,
    positions.map((position) => instructions[position]!.record),
    nameOfOption,
  );
  return positions.map((position) => namesOf(fieldOf(instructions[position]!.record, field), several));
}

function namesOf(value: JsonValue | undefined, several: boolean): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => namesOf(one, false)))];
  if (value === undefined || value === null || typeof value === 'object') return [];
  const names = several && typeof value === 'string' ? value.split(',') : [String(value)];
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}

/** Clusters of some positions, by k-means. @param k at most as many as there are positions; by default ⌊√(n/2)⌋ */
export async function clusterPositions(
  { embeddings, seed, kernel, signal, onProgress }: Omit<StrategyContext, 'options'>,
  positions: readonly number[],
  { strategy, k = usualClusters(positions.length) }: { readonly strategy: string; readonly k?: number | undefined },
) {
  return kMeans(takeRows(embeddings, positions), Math.min(k, positions.length), {
    kernel,
    random: seededRandom(seed, 'strategy', strategy),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
}
