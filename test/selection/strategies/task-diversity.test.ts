import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { type Task, takeInTurn, taskDiversityStrategy } from '../../../src/selection/strategies/task-diversity.ts';
import { instructionsOf, measureOf, strategyContext } from '../../../src/testing/strategy-context.ts';

const TASKS = ['sum', 'sum', 'sum', 'sum', 'sum', 'sum', 'poem', 'poem', 'poem', null] as const;

function pool(size: number) {
  return instructionsOf(size).map((item, position) => ({ ...item, record: { task: TASKS[position % TASKS.length]! } }));
}

async function pick(count: number, options: Record<string, string | number>, seed = 0, instructions = pool(60)) {
  const context = strategyContext(taskDiversityStrategy, javascriptKernel, { count, options, seed, instructions });
  return (await (await taskDiversityStrategy.prepare(context)).select()).picks;
}

const tasksOfSizes = (sizes: readonly number[], weights: readonly number[] = sizes.map(() => 1)): Task[] =>
  sizes.map((size, index) => ({
    name: `task ${index}`,
    size,
    positions: Array.from({ length: size }, (_, item) => 1_000 * index + item),
    weight: weights[index]!,
  }));

describe('task diversity', () => {
  it('takes as many of every task, the largest first, and gives what a small task cannot use to the others', async () => {
    const picks = await pick(30, { taskField: 'task' });
    const tasks = picks.map(({ position }) => TASKS[position % TASKS.length]);
    expect(tasks.slice(0, 6)).toEqual(['sum', 'poem', null, 'sum', 'poem', null]);
    const counted = (name: string | null) => tasks.filter((one) => one === name).length;
    expect([counted('sum'), counted('poem'), counted(null)]).toEqual([12, 12, 6]);
    expect(picks[0]!.reason).toBe('Drawn from task "sum", which has 36 candidates');
    expect(picks[2]!.reason).toBe('Drawn from no task, which has 6 candidates');
  });

  it('draws at random within a task, by the seed', async () => {
    const positions = async (seed: number) =>
      (await pick(12, { taskField: 'task' }, seed)).map(({ position }) => position);
    expect(await positions(1)).toEqual(await positions(1));
    expect(await positions(1)).not.toEqual(await positions(2));
  });

  it('takes as many from every cluster where no field names the task', async () => {
    const picks = await pick(20, { tasks: 5 });
    const clusters = new Map<string, number>();
    for (const { reason } of picks) {
      const [, cluster] = /^Drawn from (cluster \d),/.exec(reason)!;
      clusters.set(cluster!, (clusters.get(cluster!) ?? 0) + 1);
    }
    expect([...clusters.values()]).toEqual([4, 4, 4, 4, 4]);
  });

  it('gives less certain tasks more, by 1 / the mean confidence', async () => {
    const instructions = pool(60);
    // Confidence .9 on sums, .45 on poems, .3 on the rest.
    const unsure = (position: number) =>
      ({ sum: 0.1, poem: 0.55, none: 0.7 })[TASKS[position % TASKS.length] ?? 'none'];
    const measures = new Map([['uncertainty', measureOf(unsure)]]);
    const options = { taskField: 'task', weighted: true };
    const context = strategyContext(taskDiversityStrategy, javascriptKernel, {
      count: 12,
      options,
      instructions,
      measures,
    });
    const prepared = await taskDiversityStrategy.prepare(context);
    expect(prepared.plan.measuring).toMatchObject([{ measure: 'uncertainty', items: 60 }]);
    const tasks = (await prepared.select()).picks.map(({ position }) => TASKS[position % TASKS.length]);
    const counted = (name: string | null) => tasks.filter((one) => one === name).length;
    expect([counted('sum'), counted('poem'), counted(null)]).toEqual([2, 4, 6]);
  });

  it('names the fields that exist when no record has the field', async () => {
    await expect(pick(3, { taskField: 'skill' })).rejects.toThrow(
      expect.objectContaining({
        message: 'No record has a field "skill".',
        hint: expect.stringContaining('taskField'),
      }),
    );
  });

  it('shares picks by weight, to within one of the exact share, as long as no task is used up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        (weights, count) => {
          const picks = takeInTurn(
            tasksOfSizes(
              weights.map(() => 100),
              weights,
            ),
            count,
          );
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          for (const [index, weight] of weights.entries()) {
            const got = picks.filter(({ task }) => task.name === `task ${index}`).length;
            // Sainte-Laguë may leave the quota by a little more than one with very unequal weights.
            expect(Math.abs(got - (count * weight) / total)).toBeLessThan(2);
          }
        },
      ),
      { seed: 3 },
    );
  });

  it('picks everything once, however large the tasks are, and its first picks are those for fewer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        (sizes, seed) => {
          const random = seededRandom(seed);
          const tasks = tasksOfSizes(
            sizes,
            sizes.map(() => 0.1 + random.float()),
          );
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const all = takeInTurn(tasks, total).map(({ position }) => position);
          expect(new Set(all).size).toBe(total);
          const half = Math.floor(total / 2);
          expect(takeInTurn(tasks, half).map(({ position }) => position)).toEqual(all.slice(0, half));
        },
      ),
      { seed: 3 },
    );
  });
});
