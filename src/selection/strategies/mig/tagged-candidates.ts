import { NotEnoughError, UsageError } from '../../../domain/errors.ts';
import { option, sentence } from '../../../domain/wording.ts';
import { type EmbeddingMatrix, embeddingMatrix, unitRows } from '../../../math/embedding-matrix.ts';
import { dotProduct, squaredNorms } from '../../../math/exact-distance.ts';
import type { MeasuredCandidate } from '../../measures/measuring.ts';
import { clusterPositions, namesIn } from '../record-groups.ts';
import type { StrategyContext } from '../strategy.ts';
import { type PropagatedShare, propagation } from './information-gain.ts';

/** Tags that are at least this similar pass on score. */
const SIMILAR = 0.9;
/** All pairs of tags are compared. */
const MOST_TAGS = 20_000;

/** Where tags come from. */
export interface TagOptions {
  readonly tags: 'clusters' | 'llm';
  readonly tagField?: string | undefined;
  readonly clusters?: number | undefined;
}

export interface TaggedCandidates {
  /** Parallel to the candidates. */
  readonly tags: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly shares: readonly (readonly PropagatedShare[])[];
  /** By labeled row, where they have tags: only clusters tell. */
  readonly ofLabeled: readonly (readonly number[])[];
}

/** The tags of the candidates by clusters, a field or an LLM, and how similar tags pass on score. */
export async function tagCandidates(
  context: StrategyContext<TagOptions>,
  measured: readonly MeasuredCandidate[],
): Promise<TaggedCandidates> {
  const { options, instructions } = context;
  const positions = measured.map(({ position }) => position);
  if (options.tagField !== undefined) {
    const given = { nameOfOption: 'tagField', several: true };
    return tagByName(context, namesIn(options.tagField, instructions, positions, given));
  }
  if (options.tags === 'llm') {
    return tagByName(
      context,
      measured.map(({ tags = [] }) => tags),
    );
  }
  return tagByCluster(context, positions);
}

async function tagByCluster(
  context: StrategyContext<TagOptions>,
  positions: readonly number[],
): Promise<TaggedCandidates> {
  const { kernel, labeled, options } = context;
  const { assignment, centers } = await clusterPositions(context, positions, {
    strategy: 'mig',
    k: options.clusters,
  });
  const nearest = labeled.rows === 0 ? new Int32Array(0) : (await kernel.nearest(labeled, centers)).center;
  return {
    tags: Array.from(assignment, (cluster) => [cluster]),
    names: Array.from({ length: centers.rows }, (_, cluster) => `cluster ${cluster + 1}`),
    shares: similarTags(centers),
    ofLabeled: Array.from(nearest, (cluster) => [cluster]),
  };
}

/** @throws UsageError when tags cannot be embedded; NotEnoughError when there are too many or none */
async function tagByName(
  { embed }: StrategyContext<TagOptions>,
  given: readonly (readonly string[])[],
): Promise<TaggedCandidates> {
  const spelled = given.map((tags) => [...new Set(tags.map((tag) => tag.toLowerCase()))]);
  const names = [...new Set(spelled.flat())].sort();
  if (names.length === 0) throw new NotEnoughError('No candidate has a tag.', sentence`Correct ${option('tagField')}.`);
  if (names.length > MOST_TAGS) {
    throw new NotEnoughError(
      `The candidates have ${names.length} different tags, and every two are compared: ${MOST_TAGS} are possible.`,
      sentence`Use fewer, coarser tags, or ${option('tags', 'clusters')}.`,
      MOST_TAGS,
    );
  }
  if (embed === undefined) {
    throw new UsageError(
      'The strategy "mig" embeds the tags, and vectors from a file leave it without an embedder.',
      sentence`Use ${option('embedder')} instead of ${option('embeddings')}, or ${option('tags', 'clusters')}.`,
    );
  }
  const numbers = new Map(names.map((name, number) => [name, number]));
  return {
    tags: spelled.map((tags) => tags.map((tag) => numbers.get(tag)!)),
    names,
    shares: similarTags(await embed(names)),
    ofLabeled: [],
  };
}

function similarTags(vectors: EmbeddingMatrix): readonly (readonly PropagatedShare[])[] {
  const everyRow = Int32Array.from({ length: vectors.rows }, (_, row) => row);
  const { data } = unitRows(vectors, everyRow, squaredNorms(vectors));
  const unit = embeddingMatrix(data, vectors.rows, vectors.columns);
  return propagation(vectors.rows, (a, b) => dotProduct(unit, a, unit, b), SIMILAR);
}
