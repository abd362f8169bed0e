import { z } from 'zod';
import type { Pick } from '../../domain/selection.ts';
import { seededRandom } from '../../math/random.ts';
import { type MeasuredCandidate, measuringPlan, selectMeasured } from '../measures/measuring.ts';
import { UNCERTAINTY } from '../measures/uncertainty-measure.ts';
import { clusterPositions, namesIn } from './record-groups.ts';
import { defineStrategy, type StrategyContext } from './strategy.ts';
import { count } from './strategy-options.ts';

const taskDiversityOptions = z.object({
  taskField: z
    .string('must be the name of a field')
    .min(1, 'must be the name of a field')
    .optional()
    .describe('field of the records that names the task; without it, clusters are the tasks')
    .meta({ value: 'name' }),
  tasks: count
    .optional()
    .describe('how many clusters, where no field names the task')
    .meta({ value: 'k', defaultWords: '√(n/2)' }),
  weighted: z
    .boolean('must be true or false')
    .default(false)
    .describe('more picks for tasks on which the seed model, or the LLM, is less sure'),
});
type TaskDiversityContext = StrategyContext<z.output<typeof taskDiversityOptions>>;

/** A task counts at most 100 times as much as one of which the model is certain. */
const LEAST_CONFIDENCE = 0.01;

/**
 * Task diversity: every task gets the same number of picks, in turn, the largest task first; what a small task cannot
 * use goes to the others. Within a task the picks are random. Tasks are the values of a field (records without one are a
 * task of their own), or clusters. `weighted` gives tasks picks in proportion to 1 / the mean confidence of the model on
 * them: the seed model's, or the mean token probability of an LLM's answers (one call per candidate), see the measure
 * `uncertainty`. The weights of the context have no effect. The first picks for a larger count are those for a smaller
 * one. O(n), and O(n·k·d) per iteration of k-means without a field.
 *
 * Source: Arabelly et al. 2025 (arXiv 2507.21482), TaskDiversity and, with `weighted`,
 * WeightedTaskDiversity. The order of the tasks is ours.
 */
export const taskDiversityStrategy = defineStrategy({
  name: 'task-diversity',
  summary: 'as many of every task, at random within each',
  source: 'Arabelly et al. 2025 (arXiv 2507.21482).',
  needs: { embeddings: 'instructions', llm: false },
  options: taskDiversityOptions,
  nested: () => true,
  measures: ({ weighted }) => (weighted ? [UNCERTAINTY] : []),
  prompts: [],
  prepare: async (context) => {
    const { candidates, count, options } = context;
    if (!options.weighted) {
      return { plan: { notes: [] }, select: async () => ({ picks: await draw(context, candidates, count) }) };
    }
    return {
      plan: { notes: [], measuring: await measuringPlan(context, [UNCERTAINTY]) },
      select: () =>
        selectMeasured(context, [UNCERTAINTY], (measured, most) => {
          const of = new Map(measured.map((one) => [one.position, one]));
          return draw(context, [...of.keys()], most, of);
        }),
    };
  },
});

async function draw(
  context: TaskDiversityContext,
  positions: readonly number[],
  count: number,
  measured: ReadonlyMap<number, MeasuredCandidate> = new Map(),
): Promise<Pick[]> {
  const tasks = await tasksOf(context, positions, measured);
  return takeInTurn(tasks, count).map(({ position, task }, index) => ({
    position,
    rank: index + 1,
    score: null,
    reason: `Drawn from ${task.name}, which has ${task.size} ${task.size === 1 ? 'candidate' : 'candidates'}`,
    strategy: 'task-diversity',
    query: null,
    model: measured.get(position)?.model ?? null,
    costMicroUsd: measured.get(position)?.costMicroUsd ?? 0,
  }));
}

export interface Task {
  readonly name: string;
  readonly size: number;
  /** In the order they are picked. */
  readonly positions: readonly number[];
  /** > 0: its share of the picks, as a ratio to the others. */
  readonly weight: number;
}

/**
 * Gives each task picks in proportion to its weight: each pick goes to the task with the smallest
 * (2 · picks so far + 1) / weight that has one left, of equal ones the first. With equal weights that is round-robin.
 * Source: Sainte-Laguë 1910, whose seats for a larger house contain those for a smaller one. O(tasks · count).
 */
export function takeInTurn(
  tasks: readonly Task[],
  count: number,
): { readonly position: number; readonly task: Task }[] {
  const taken = new Int32Array(tasks.length);
  const picks: { position: number; task: Task }[] = [];
  while (picks.length < count) {
    let next = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, { positions, weight }] of tasks.entries()) {
      const claim = (2 * taken[index]! + 1) / weight;
      if (taken[index]! < positions.length && claim < least) {
        least = claim;
        next = index;
      }
    }
    const task = tasks[next];
    if (task === undefined) break;
    picks.push({ position: task.positions[taken[next]!]!, task });
    taken[next]! += 1;
  }
  return picks;
}

/** The largest first, then in the order of their first candidates. */
async function tasksOf(
  context: TaskDiversityContext,
  candidates: readonly number[],
  measured: ReadonlyMap<number, MeasuredCandidate>,
): Promise<Task[]> {
  const names = await taskNames(context, candidates);
  const byName = new Map<string, number[]>();
  for (const [index, position] of candidates.entries()) {
    const name = names[index]!;
    const known = byName.get(name);
    if (known) known.push(position);
    else byName.set(name, [position]);
  }
  const random = seededRandom(context.seed, 'strategy', 'task-diversity', 'draw');
  const weightOf = (positions: readonly number[]) => {
    const known = positions.flatMap((position) => measured.get(position)?.values ?? []);
    if (known.length === 0) return 1;
    const confidence = 1 - known.reduce((sum, one) => sum + one, 0) / known.length;
    return 1 / Math.max(LEAST_CONFIDENCE, confidence);
  };
  return [...byName]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, positions]) => ({
      name,
      size: positions.length,
      positions: random.shuffle(positions),
      weight: weightOf(positions),
    }));
}

async function taskNames(context: TaskDiversityContext, candidates: readonly number[]): Promise<readonly string[]> {
  const { instructions, options } = context;
  if (options.taskField !== undefined) {
    const given = { nameOfOption: 'taskField', several: false };
    const names = namesIn(options.taskField, instructions, candidates, given);
    return names.map(([name]) => (name === undefined ? `no ${options.taskField}` : `${options.taskField} "${name}"`));
  }
  const { assignment } = await clusterPositions(context, candidates, { strategy: 'task-diversity', k: options.tasks });
  return Array.from(assignment, (cluster) => `cluster ${cluster + 1}`);
}
