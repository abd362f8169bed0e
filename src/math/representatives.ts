import { type EmbeddingMatrix, rowOf, stackRows } from './embedding-matrix.ts';
import { type KMeansOptions, kMeans } from './k-means.ts';
import { relativeWeights } from './relative-weights.ts';

/** One row that stands for a cluster. */
export interface Representative {
  readonly row: number;
  /** Euclidean distance to the centre of its cluster. */
  readonly distance: number;
  /** How many rows are in the cluster. */
  readonly clusterSize: number;
  /** The weight of its rows as a share of the weight of all n, 0–1; without weights the share of rows. */
  readonly clusterShare: number;
}

/**
 * Covers n rows by `count` of them: k-means with k = count, then of each cluster the row nearest to its
 * centre (ties → the lowest row). Rows nearest to a fixed centre are covered and stand for nothing. Where
 * identical rows leave clusters empty, the rows farthest from their centres, fixed ones included, fill up.
 * @returns `count` distinct rows, the heaviest cluster first, without weights the largest (ties → the lowest row)
 * @throws RangeError when count > n
 */
export async function clusterRepresentatives(
  x: EmbeddingMatrix,
  count: number,
  options: KMeansOptions,
): Promise<Representative[]> {
  if (count > x.rows) throw new RangeError(`Cannot choose ${count} of ${x.rows} rows.`);
  const weights = relativeWeights(options.weights, x.rows) ?? new Float64Array(x.rows).fill(1);
  const { centers: free, assignment } = await kMeans(x, count, options);
  const centers = options.fixedCenters?.rows ? stackRows([free, options.fixedCenters], x.columns) : free;
  const distances = Float64Array.from({ length: x.rows }, (_, row) =>
    distance(rowOf(x, row), rowOf(centers, assignment[row]!)),
  );
  const sizes = new Int32Array(count);
  const masses = new Float64Array(count);
  const nearest = new Int32Array(count).fill(-1);
  for (let row = 0; row < x.rows; row += 1) {
    const cluster = assignment[row]!;
    if (cluster >= count) continue;
    sizes[cluster]! += 1;
    masses[cluster]! += weights[row]!;
    if (nearest[cluster] === -1 || distances[row]! < distances[nearest[cluster]!]!) nearest[cluster] = row;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = [...nearest.keys()]
    .filter((cluster) => nearest[cluster] !== -1)
    .map((cluster) => ({
      row: nearest[cluster]!,
      distance: distances[nearest[cluster]!]!,
      clusterSize: sizes[cluster]!,
      clusterShare: masses[cluster]! / total,
    }));
  const taken = new Set(chosen.map(({ row }) => row));
  const others = [...distances.keys()]
    .filter((row) => !taken.has(row))
    .sort((a, b) => distances[b]! - distances[a]! || a - b)
    .slice(0, count - chosen.length)
    .map((row) => ({ row, distance: distances[row]!, clusterSize: 1, clusterShare: weights[row]! / total }));
  return [...chosen, ...others].sort((a, b) => b.clusterShare - a.clusterShare || a.row - b.row);
}

function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
