import { describe, expect, it } from 'vitest';
import { takeRows } from '../../../../src/math/embedding-matrix.ts';
import { javascriptKernel } from '../../../../src/math/javascript-kernel.ts';
import { migStrategy } from '../../../../src/selection/strategies/mig/mig.ts';
import { normalizeOptions } from '../../../../src/selection/strategies/strategy-options.ts';
import { instructionsOf, measureOf, randomRows, strategyContext } from '../../../../src/testing/strategy-context.ts';

type Given = Parameters<typeof strategyContext>[2];

async function pick(given: Given) {
  return (await (await migStrategy.prepare(strategyContext(migStrategy, javascriptKernel, given))).select()).picks;
}

const scoresOf = (score: (position: number) => number) => new Map([['complexity', measureOf(score)]]);

describe('mig', () => {
  it('takes the best of every tag before the second best of one', async () => {
    const instructions = instructionsOf(30).map((item, position) => ({
      ...item,
      record: { tags: position < 10 ? ['poems'] : position < 20 ? 'Fractions' : ['code', 'Code '] },
    }));
    const measures = scoresOf((position) => 1 + (position % 10) / 10);
    const picks = await pick({ count: 6, instructions, measures, options: { tagField: 'tags' } });
    expect(picks.map(({ position }) => position)).toEqual([9, 19, 29, 8, 18, 28]);
    expect(picks[0]!.reason).toBe('Score 1.9; tags: poems');
  });

  it('counts a labeled item as a pick of its cluster', async () => {
    const embeddings = randomRows(60);
    const measures = scoresOf(() => 3);
    const options = { clusters: 5 };
    const [first] = await pick({ count: 1, embeddings, measures, options });
    const [, cluster] = /cluster (\d)/.exec(first!.reason)!;
    const labeled = takeRows(embeddings, [first!.position]);
    const after = await pick({ count: 4, embeddings, measures, options, labeled });
    expect(after.map(({ reason }) => reason).filter((reason) => reason.includes(`cluster ${cluster}`))).toEqual([]);
  });

  it('prefers a high score where tags are the same', async () => {
    const measures = scoresOf((position) => (position === 41 ? 5 : 2));
    const [first] = await pick({ count: 1, measures, options: { clusters: 1 } });
    expect(first!.position).toBe(41);
  });

  it('says what it lacks: tags in the records, or an embedder for them', async () => {
    const measures = scoresOf(() => 3);
    await expect(pick({ count: 1, measures, options: { tagField: 'tags' } })).rejects.toThrow(
      'No record has a field "tags".',
    );
    const instructions = instructionsOf(3).map((item) => ({ ...item, record: { tags: ['a'] } }));
    const given = { count: 1, instructions, measures, options: { tagField: 'tags' }, embed: undefined };
    await expect(pick(given)).rejects.toThrow('vectors from a file leave it without an embedder');
    const untagged = instructionsOf(3).map((item) => ({ ...item, record: { tags: [] } }));
    await expect(pick({ ...given, instructions: untagged })).rejects.toThrow('No candidate has a tag.');
  });

  it.each([
    [{ tagField: 'tags', tags: 'llm' }, 'tagField'],
    [{ clusters: 3, tags: 'llm' }, 'clusters'],
    [{ clusters: 3, tagField: 'tags' }, 'clusters'],
  ])('refuses two sources of tags: %j', (options, named) => {
    expect(() => normalizeOptions(migStrategy, options)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`${named} has no effect with`) }),
    );
  });
});
