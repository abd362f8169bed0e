import { describe, expect, it } from 'vitest';
import { takeRows } from '../../../src/math/embedding-matrix.ts';
import { facilityLocation } from '../../../src/math/facility-location.ts';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import type { ConfidentModel } from '../../../src/selection/measures/measure.ts';
import { confidenceMeasure } from '../../../src/selection/measures/uncertainty-measure.ts';
import { uncertaintyStrategy } from '../../../src/selection/strategies/uncertainty.ts';
import { instructionsOf, measureOf, randomRows, strategyContext } from '../../../src/testing/strategy-context.ts';

type Given = Partial<Parameters<typeof strategyContext>[2]>;
const unsureBy = (number: (position: number) => number) => new Map([['uncertainty', measureOf(number)]]);

async function select(count: number, given: Given) {
  const context = strategyContext(uncertaintyStrategy, javascriptKernel, { count, ...given });
  return (await uncertaintyStrategy.prepare(context)).select();
}

describe('uncertainty', () => {
  it('takes what the model is least sure of, ties by position', async () => {
    const { picks } = await select(4, {
      measures: unsureBy((position) => (position % 30 === 7 ? 5 : (position % 9) + 1)),
    });
    expect(picks.map(({ position }) => position)).toEqual([8, 17, 26, 35]);
    expect(picks[0]!.reason).toBe('The model is unsure of its answer; it is 9.00');
  });

  it('covers all by facility location with the uncertainty as weight, times the weights of the round', async () => {
    const embeddings = randomRows(60);
    const uncertainty = (position: number) => 1 + (position % 7);
    const weights = Float64Array.from({ length: 60 }, (_, position) => 1 + (position % 3));
    const labeled = takeRows(embeddings, [5]);
    const options = { cover: 'facility-location' };
    const { picks } = await select(9, { embeddings, labeled, weights, options, measures: unsureBy(uncertainty) });
    const { order } = await facilityLocation(embeddings, 9, {
      kernel: javascriptKernel,
      existing: labeled,
      weights: weights.map((weight, position) => weight * uncertainty(position)),
    });
    expect(picks.map(({ position }) => position)).toEqual([...order]);
  });

  it('goes by the confidence of a seed model, and reports a model that has none', async () => {
    const instructions = instructionsOf(5);
    const model = (confidence: number | undefined): ConfidentModel => ({
      name: 'some-model',
      concurrency: 2,
      answer: async ({ instruction }) => ({
        ...(confidence === undefined ? {} : { confidence: instruction.includes('number 3') ? 0.1 : confidence }),
        model: 'some-model',
        costMicroUsd: 0,
      }),
      estimate: () => ({ expected: 0, worstCase: 0 }),
    });
    const withModel = (confidence: number | undefined) =>
      select(1, {
        instructions,
        measures: new Map([['uncertainty', confidenceMeasure(model(confidence), instructions)]]),
      });
    const { picks } = await withModel(0.8);
    expect(picks).toMatchObject([
      { position: 3, score: 0.9, reason: 'The model is unsure of its answer; confidence 0.10', model: 'some-model' },
    ]);
    const { picks: none, measured } = await withModel(undefined);
    expect(none).toEqual([]);
    expect(measured![0]!.failed[0]!.failure).toBe('some-model does not say how sure it is');
  });
});
