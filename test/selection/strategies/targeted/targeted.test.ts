import { describe, expect, it } from 'vitest';
import { rowOf, takeRows } from '../../../../src/math/embedding-matrix.ts';
import { javascriptKernel } from '../../../../src/math/javascript-kernel.ts';
import { normalizeOptions } from '../../../../src/selection/strategies/strategy-options.ts';
import { nearestInTurn } from '../../../../src/selection/strategies/targeted/nearest-in-turn.ts';
import { targetedStrategy } from '../../../../src/selection/strategies/targeted/targeted.ts';
import { NO_ROWS, randomRows, strategyContext } from '../../../../src/testing/strategy-context.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder();
folder.write('two.jsonl', '{"instruction": "Add two numbers."}\n{"instruction": "Name a bird."}\n');

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Vectors of the two examples: those of rows 7 and 31. */
const pool = randomRows(60);
const given = { embeddings: pool, folder: folder.path, embed: async () => takeRows(pool, [7, 31]) };

async function pick(count: number, options: Record<string, string | number>, more = {}) {
  const context = strategyContext(targetedStrategy, javascriptKernel, { ...given, count, options, ...more });
  return (await (await targetedStrategy.prepare(context)).select()).picks;
}

describe('the nearest to each example in turn', () => {
  it('are those of plain loops', async () => {
    const x = randomRows(1_100, 3);
    const examples = takeRows(randomRows(90, 4), [...Array(70).keys()]);
    const taken: number[] = [];
    const expected: [number, number][] = [];
    for (let turn = 0; expected.length < 150; turn += 1) {
      const example = turn % 70;
      const cosines = Array.from({ length: x.rows }, (_, row) =>
        taken.includes(row) ? Number.NEGATIVE_INFINITY : dot(rowOf(x, row), rowOf(examples, example)),
      );
      const best = cosines.indexOf(Math.max(...cosines));
      taken.push(best);
      expected.push([example, best]);
    }
    const picks = await nearestInTurn(x, examples, 150, { kernel: javascriptKernel });
    expect(picks.map(({ example, row }) => [example, row])).toEqual(expected);
  });
});

describe('targeted', () => {
  it('takes in turn what is most like each example of a file, and says which', async () => {
    const picks = await pick(4, { examples: 'two.jsonl' });
    expect(picks.map(({ position }) => position).slice(0, 2)).toEqual([7, 31]);
    expect(picks.map(({ reason }) => reason).slice(0, 2)).toEqual([
      'Similar to your example "Add two numbers."',
      'Similar to your example "Name a bird."',
    ]);
    expect(picks[0]!.score).toBeCloseTo(1, 6);
  });

  it('draws by transport in proportion to what is near the examples, and fills up with the nearest', async () => {
    const first = new Map<number, number>();
    for (let seed = 0; seed < 40; seed += 1) {
      const [one] = await pick(1, { examples: 'two.jsonl', by: 'transport', alpha: 0.9 }, { seed });
      first.set(one!.position, (first.get(one!.position) ?? 0) + 1);
      expect(one!.reason).toBe('Similar to your examples');
    }
    expect([...first.keys()]).toEqual(expect.arrayContaining([7, 31]));
    const all = await pick(60, { examples: 'two.jsonl', by: 'transport' });
    expect(new Set(all.map(({ position }) => position)).size).toBe(60);
    expect(all.at(-1)!.reason).toContain('Similar to your example "');
  });

  it('says what it lacks', async () => {
    expect(() => normalizeOptions(targetedStrategy, {})).toThrow('needs example instructions');
    expect(() => normalizeOptions(targetedStrategy, { examples: 'a', alpha: 0.4 })).toThrow('alpha has no effect with');
    await expect(pick(1, { examples: 'none.jsonl' })).rejects.toThrow('none.jsonl');
    await expect(pick(1, { examples: 'two.jsonl' }, { embed: undefined })).rejects.toThrow('without an embedder');
    expect(await pick(2, { examples: 'two.jsonl' }, { labeled: NO_ROWS })).toHaveLength(2);
  });
});
