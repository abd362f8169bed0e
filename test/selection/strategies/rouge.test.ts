import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { embeddingText, type Instruction } from '../../../src/domain/instruction.ts';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import { readPool } from '../../../src/records/read-pool.ts';
import { RougeLScorer } from '../../../src/runs/simulate/rouge-l-scorer.ts';
import { rougeStrategy } from '../../../src/selection/strategies/rouge.ts';
import { normalizeOptions } from '../../../src/selection/strategies/strategy-options.ts';
import { instructionOf, instructionsOf, strategyContext } from '../../../src/testing/strategy-context.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function select(instructions: readonly Instruction[], given: Partial<Parameters<typeof strategyContext>[2]>) {
  const context = strategyContext(rougeStrategy, javascriptKernel, { count: 1, ...given, instructions });
  return (await (await rougeStrategy.prepare(context)).select()).picks;
}

describe('rouge', () => {
  const texts = [
    'Name the capital of France.',
    'Name the capital of Spain!',
    'Sort these numbers: 3, 1, 2',
    'Name the river of Spain?',
    'Sort these names: Ann, Bo',
  ];
  const instructions = texts.map((text, position) => instructionOf(text, position));

  it('picks those least similar to all others first, ties at the lowest position, and names the similarity', async () => {
    const picks = await select(instructions, { count: 5 });
    // By hand: 2 and 4 share "sort these" (2·2 / (6 + 5)); 1 and 3 "name the … of spain", 0 and 1 all but the last (4 of 5).
    expect(picks.map(({ position, score }) => [position, score])).toEqual([
      [2, 4 / 11],
      [4, 4 / 11],
      [0, 8 / 10],
      [1, 8 / 10],
      [3, 8 / 10],
    ]);
    expect(picks[0]!.reason).toBe('Different from 4 random others (ROUGE-L at most 0.36)');
  });

  it('compares the input too', async () => {
    const alike = [0, 1, 2].map((position) =>
      instructionOf('Translate.', position, ['one two', 'one two', 'six'][position]),
    );
    const picks = await select(alike, { count: 3 });
    expect(picks.map(({ position }) => position)).toEqual([2, 0, 1]);
    expect(picks.map(({ score }) => score)).toEqual([2 / 5, 1, 1]);
  });

  it('compares candidates with candidates only', async () => {
    const picks = await select(instructions, { count: 3, candidates: [0, 2, 4] });
    expect(picks.map(({ position, score }) => [position, score])).toEqual([
      [0, 0],
      [2, 4 / 11],
      [4, 4 / 11],
    ]);
  });

  it('has no score for an only candidate', async () => {
    const [pick] = await select(instructions, { candidates: [3] });
    expect(pick).toMatchObject({
      score: null,
      reason: 'The only candidate',
    });
  });

  it('compares with the given number of others, which depend on the seed', async () => {
    const many = instructionsOf(60);
    const scores = async (seed: number, others: number) =>
      (await select(many, { count: 60, seed, options: { others } })).map(({ position, score }) => [position, score]);
    expect(await scores(1, 2)).not.toEqual(await scores(2, 2));
    expect(await scores(1, 59)).toEqual(await scores(2, 1_000));
    const [pick] = await select(many, { options: { others: 1 } });
    expect(pick!.reason).toMatch(/^Different from 1 random other \(ROUGE-L at most 0\.\d\d\)$/);
  });

  it('is nested', async () => {
    const most = await select(instructionsOf(60), { count: 40 });
    expect(await select(instructionsOf(60), { count: 7 })).toEqual(most.slice(0, 7));
    expect(rougeStrategy.nested({})).toBe(true);
  });

  it('stops when aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(select(instructions, { signal })).rejects.toThrow('enough');
  });

  it.each([
    [{ others: 0 }, 'others must be at least 1.'],
    [{ others: 1.5 }, 'others must be a whole number.'],
    [{ others: 'all' }, 'others must be a whole number.'],
  ])('refuses %j', (options, message) => {
    expect(() => normalizeOptions(rougeStrategy, options)).toThrow(message);
  });

  it('compares with 1,000 others by default', () => {
    expect(normalizeOptions(rougeStrategy, {})).toEqual({ others: 1_000 });
  });
});

const folder = temporaryFolder();
const pool = fileURLToPath(new URL('../../../../shared/data/t0-50k.jsonl.gz', import.meta.url));
if (!existsSync(pool)) process.stdout.write(`Skipped, there is no ${pool}: rouge on real instructions\n`);

describe.skipIf(!existsSync(pool))('rouge on 1,700 instructions of T0, on threads', () => {
  it('finds for each pick the largest F1 that scoring every pair finds', async () => {
    const lines = gunzipSync(readFileSync(pool)).toString().split('\n');
    const some = folder.write('some.jsonl', lines.filter((_, row) => row % 29 === 0).join('\n'));
    const { instructions } = await readPool([some]);
    const { length } = instructions;
    // All others are compared, so that no draw has to be known to check it.
    const picks = await select(instructions, { count: length, options: { others: length } });
    const scorer = new RougeLScorer(instructions.map(embeddingText));
    for (const { position, score } of [...picks.slice(0, 4), ...picks.slice(-4)]) {
      let largest = 0;
      for (let other = 0; other < length; other += 1) {
        if (other !== position)
          largest = Math.max(largest, scorer.score(embeddingText(instructions[position]!), other).f1);
      }
      expect(score).toBe(largest);
    }
    expect(picks.map(({ score }) => score)).toEqual(picks.map(({ score }) => score).sort((a, b) => a! - b!));
  });
});
