import type { SelectionJournal } from '../../domain/selection.ts';
import { WinnowError } from '../../domain/winnow-error.ts';
import { embeddingMatrix, takeRows } from '../../math/embedding-matrix.ts';
import { pairedDifference } from '../../math/paired-difference.ts';
import { seededRandom } from '../../math/random.ts';
import { mean } from '../../math/statistics.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import type { Strategy } from '../../selection/strategies/strategy.ts';
import { normalizeOptions } from '../../selection/strategies/strategy-options.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { embedPool, embedTexts } from '../candidates.ts';
import type { Estimate } from '../model-figures.ts';
import { type StoredExample, splitLabels } from '../training-split.ts';
import { scoresOf } from './compare-with-chance.ts';

/** What a strategy gained over random draws, replayed on a campaign's own labels. */
export interface ReplayedStrategy {
  readonly strategy: string;
  /** ROUGE-L, 0–1, over paired replays. */
  readonly gain: Estimate;
}

const REPLAYS = 10;
/** Below it a replay says nothing. */
const FEWEST_LABELS = 15;
const BASELINE = 'random';

/**
 * Replays the campaign's labels as if they were a pool: of two thirds of them each free strategy chooses half, a model
 * answers the last third with these, and ROUGE-L against people's answers tells how well. The test set is not used, so
 * that its figures stay untouched by the choice. Costs nothing.
 * @returns the best first; empty where there are too few labels
 */
export async function replayStrategies(context: CampaignContext): Promise<ReplayedStrategy[]> {
  const { train } = await splitLabels(context);
  if (train.length < FEWEST_LABELS) return [];
  const scores = new Map<string, number[]>();
  for (let replay = 0; replay < REPLAYS; replay += 1) {
    const shuffled = seededRandom(context.config.seed, 'replay labels', replay).shuffle(train);
    const tested = shuffled.slice(0, Math.floor(train.length / 3));
    const pool = shuffled.slice(tested.length).sort((a, b) => a.position - b.position);
    for (const strategy of freeStrategies()) {
      const chosen = await choose(context, strategy, pool, replay);
      if (chosen === undefined) continue;
      const of = scores.get(strategy.name) ?? [];
      of.push(mean(await scoresOf(context, chosen, tested)));
      scores.set(strategy.name, of);
    }
  }
  const baseline = scores.get(BASELINE)!;
  return [...scores]
    .filter(([, of]) => of.length === REPLAYS)
    .map(([strategy, of]): ReplayedStrategy => {
      const { count, mean: middle, interval } = pairedDifference(of, baseline);
      return { strategy, gain: { count, mean: middle, interval: interval ?? null } };
    })
    .sort((a, b) => b.gain.mean - a.gain.mean || (a.strategy === BASELINE ? -1 : b.strategy === BASELINE ? 1 : 0));
}

/** Those that need neither an LLM nor scores. */
function freeStrategies(): Strategy[] {
  return [...STRATEGIES].filter((strategy) => {
    if (strategy.needs.llm || strategy.needs.embeddings === 'pairs') return false;
    try {
      return strategy.measures(normalizeOptions(strategy, {}), { hasResponses: false }).length === 0;
    } catch {
      // It needs options of its own.
      return false;
    }
  });
}

/** @returns undefined where a strategy cannot choose from this data */
async function choose(
  context: CampaignContext,
  strategy: Strategy,
  pool: readonly StoredExample[],
  replay: number,
): Promise<StoredExample[] | undefined> {
  const { tools, signal } = context;
  const embeddings = takeRows(
    await embedPool(context),
    pool.map(({ position }) => position),
  );
  try {
    const prepared = await tools.prepareStrategy(strategy, {
      instructions: pool.map(({ position }) => context.instructions()[position]!),
      candidates: { positions: pool.map((_, row) => row), copies: new Map() },
      count: Math.floor(pool.length / 2),
      embeddings,
      labeled: embeddingMatrix(new Float32Array(0), 0, embeddings.columns),
      embed: (texts) => embedTexts(context, texts),
      options: normalizeOptions(strategy, {}),
      seed: replay,
      measures: new Map(),
      journal: NO_JOURNAL,
      ...(signal ? { signal } : {}),
    });
    const { picks } = await prepared.select();
    return picks.map(({ position }) => pool[position]!);
  } catch (error) {
    if (error instanceof WinnowError) return undefined;
    throw error;
  }
}

const NO_JOURNAL: SelectionJournal = {
  loadQueries: () => undefined,
  saveQueries: () => undefined,
  loadResult: () => undefined,
  saveResult: () => undefined,
  generation: () => 0,
  retries: () => 0,
};
