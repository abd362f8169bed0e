import { cutRows } from '../../../engine/shards.ts';
import { CoveredRows } from '../../../math/covered-rows.ts';
import { rowsIn, takeRows } from '../../../math/embedding-matrix.ts';
import { relativeWeights } from '../../../math/relative-weights.ts';
import { COLUMNS_PER_PRODUCT, SimilarityColumns } from '../../../math/similarity-columns.ts';
import type { StrategyContext } from '../strategy.ts';

/** What the candidates of one query would add, by position, once `chosen` of them are picked. O(n · candidates). */
export type QueryGains = (chosen: readonly number[]) => ReadonlyMap<number, number>;

/**
 * How well the picks of a selection cover its pool so far, as facility location measures it: the weighted mean of
 * (1 + cosine) / 2 of every candidate and the labeled or picked item most like it. Queries that are asked one after the
 * other can see what each candidate would add to it.
 *
 * Memory beside the rows: one column of n values for each candidate of a query.
 */
export class PoolCoverage {
  readonly #similarities: SimilarityColumns;
  readonly #covered: CoveredRows;
  readonly #rows: ReadonlyMap<number, number>;

  private constructor({ embeddings, candidates, weights, kernel }: CoverageInputs) {
    this.#similarities = new SimilarityColumns(takeRows(embeddings, candidates), { kernel });
    const relative = relativeWeights(weights, candidates.length) ?? new Float64Array(candidates.length).fill(1);
    this.#covered = new CoveredRows(relative);
    this.#rows = new Map(candidates.map((position, row) => [position, row]));
  }

  /** Covered by the labeled items. O(n · labeled · d). */
  static async open(inputs: CoverageInputs): Promise<PoolCoverage> {
    const coverage = new PoolCoverage(inputs);
    for (const range of cutRows(inputs.labeled.rows, COLUMNS_PER_PRODUCT)) {
      inputs.signal?.throwIfAborted();
      const labeled = rowsIn(inputs.labeled, range);
      await coverage.#similarities.ofOthers(labeled, (shard) => coverage.#covered.chooseAll(shard));
    }
    return coverage;
  }

  /** Compares the candidates of a query with the pool. O(n · candidates · d). */
  async gainsOf(positions: readonly number[]): Promise<QueryGains> {
    const columns = await this.#columnsOf(positions);
    return (chosen) => {
      const covered = this.#covered.copy();
      for (const position of chosen) covered.choose(columns.get(position)!);
      const open = positions.filter((position) => !chosen.includes(position));
      return new Map(
        open.map((position) => [position, covered.gain(columns.get(position)!) / covered.largestGain] as const),
      );
    };
  }

  /** Counts picks as covering from now on. */
  async choose(positions: readonly number[]): Promise<void> {
    for (const column of (await this.#columnsOf(positions)).values()) this.#covered.choose(column);
  }

  async #columnsOf(positions: readonly number[]): Promise<Map<number, Float32Array>> {
    const columns = new Map(positions.map((position) => [position, new Float32Array(this.#rows.size)]));
    for (const { start, rows } of cutRows(positions.length, COLUMNS_PER_PRODUCT)) {
      const together = positions.slice(start, start + rows);
      const of = together.map((position) => columns.get(position)!);
      await this.#similarities.ofPositions(
        together.map((position) => this.#rows.get(position)!),
        (shard) => {
          for (let row = 0; row < shard.rows; row += 1) {
            for (let column = 0; column < of.length; column += 1) {
              of[column]![shard.start + row] = shard.cosines[row * COLUMNS_PER_PRODUCT + column]!;
            }
          }
        },
      );
    }
    return columns;
  }
}

type CoverageInputs = Pick<StrategyContext, 'embeddings' | 'candidates' | 'labeled' | 'weights' | 'kernel' | 'signal'>;
