import type { OnProgress } from '../domain/progress.ts';
import { type EmbeddingMatrix, takeRows } from '../math/embedding-matrix.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import { nearestRows } from '../math/nearest-rows.ts';
import { principalPlane } from '../math/principal-plane.ts';
import { seededRandom } from '../math/random.ts';
import { FEWEST_UMAP_ROWS, umap } from '../math/umap.ts';
import type { MapPoint, MapStore } from '../store/map-store.ts';

/** Increased when the layout algorithm changes. Layouts stored with another version are ignored. */
const VERSION = 1;
const PLACING_NEIGHBORS = 5;
/** A layout is replaced when there are this many times as many points: positions based on a few points say little. */
const GROWTH = 4;
const METHODS = ['umap', 'pca'] as const;

export interface LayoutOptions {
  readonly store: MapStore;
  /** The name of the vectors' model. Points of two models are never mixed. */
  readonly space: string;
  readonly seed: number;
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: OnProgress;
}

export interface MapLayout {
  readonly method: (typeof METHODS)[number];
  /** One for each position, in the same order. */
  readonly points: readonly MapPoint[];
}

/**
 * Where items are drawn. The first layout is made by UMAP, or by the first two principal components if there are too few
 * items for UMAP. After that points stay where they are. A new item is placed at the mean of its nearest neighbors,
 * weighted by 1 / distance. A new layout is made only when there are several times as many items, or enough for UMAP.
 * @param vectors `n × d`, by position
 * @param positions ascending, at least one
 */
export async function layOut(
  vectors: EmbeddingMatrix,
  positions: readonly number[],
  options: LayoutOptions,
): Promise<MapLayout> {
  const { store } = options;
  const { method, layout } =
    storedLayout(positions.length, options) ?? (await createLayout(vectors, positions, options));
  let points = store.points(layout);
  const known = new Set(points.map(({ position }) => position));
  const added = positions.filter((position) => !known.has(position));
  if (added.length > 0) {
    store.addPoints(layout, await placeAmong(points, added, vectors, options));
    points = store.points(layout);
  }
  const byPosition = new Map(points.map((point) => [point.position, point]));
  return { method, points: positions.map((position) => byPosition.get(position)!) };
}

interface NamedLayout {
  readonly method: MapLayout['method'];
  /** Its key in the store. */
  readonly layout: string;
}

/** The latest stored layout that still fits the number of items. */
function storedLayout(count: number, options: LayoutOptions): NamedLayout | undefined {
  const size = sizeOf(count);
  // One of the next size also fits: items may leave the sample.
  const named = [size + 1, size, size - 1].flatMap((one) => METHODS.map((method) => nameLayout(method, one, options)));
  return named.find(({ method, layout }) => {
    const { length } = options.store.points(layout);
    const isOutgrown = method === 'pca' && length < FEWEST_UMAP_ROWS && count >= FEWEST_UMAP_ROWS;
    return length > 0 && !isOutgrown;
  });
}

/** If another process stored a layout first, that one is kept. */
async function createLayout(
  vectors: EmbeddingMatrix,
  positions: readonly number[],
  options: LayoutOptions,
): Promise<NamedLayout> {
  const { method, plane } = await firstLayout(takeRows(vectors, positions), options);
  const named = nameLayout(method, sizeOf(positions.length), options);
  options.store.begin(named.layout, toPoints(positions, plane));
  return named;
}

function nameLayout(method: MapLayout['method'], size: number, { space }: LayoutOptions): NamedLayout {
  return { method, layout: `${method} ${VERSION} of ${space}, size ${size}` };
}

function sizeOf(count: number): number {
  return Math.floor(Math.log(count) / Math.log(GROWTH));
}

async function firstLayout(
  x: EmbeddingMatrix,
  { kernel, seed, signal, onProgress }: LayoutOptions,
): Promise<{ readonly method: MapLayout['method']; readonly plane: EmbeddingMatrix }> {
  if (x.rows >= FEWEST_UMAP_ROWS) {
    const plane = await umap(x, {
      kernel,
      signal,
      random: seededRandom(seed, 'umap'),
      onEpochs: (done, total) => onProgress({ phase: 'cluster', done, total, note: 'drawing the map' }),
    });
    if (plane !== undefined) return { method: 'umap', plane };
  }
  return { method: 'pca', plane: await principalPlane(x, { kernel, signal }) };
}

function toPoints(positions: readonly number[], { data }: EmbeddingMatrix): MapPoint[] {
  return positions.map((position, row) => ({ position, x: data[2 * row]!, y: data[2 * row + 1]! }));
}

async function placeAmong(
  points: readonly MapPoint[],
  added: readonly number[],
  vectors: EmbeddingMatrix,
  { kernel, signal }: LayoutOptions,
): Promise<MapPoint[]> {
  const among = takeRows(
    vectors,
    points.map(({ position }) => position),
  );
  const k = Math.min(PLACING_NEIGHBORS, points.length);
  const near = await nearestRows(takeRows(vectors, added), among, k, { kernel, signal });
  return added.map((position, row) => {
    const distances = near.distances.subarray(row * k, (row + 1) * k);
    // A duplicate is drawn at the same place.
    const weights = Array.from(distances, (distance) => 1 / Math.max(distance, 1e-6));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = (axis: 'x' | 'y') =>
      weights.reduce((sum, weight, place) => sum + weight * points[near.rows[row * k + place]!]![axis], 0) / total;
    return { position, x: mean('x'), y: mean('y') };
  });
}
