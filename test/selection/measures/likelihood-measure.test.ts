import { afterEach, describe, expect, it } from 'vitest';
import { likelihoodMeasure, poolLikelihoodMeasure } from '../../../src/selection/measures/likelihood-measure.ts';
import { instructionOf } from '../../../src/testing/strategy-context.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { askerOf } from './measure-lab.ts';

const ITEMS = ['Name a river.', 'Why?', 'Explain thermodynamics.'].map((text, position) =>
  instructionOf(text, position),
);

const FIRST = { generation: 0 };

describe('likelihoodMeasure', () => {
  let server: ProviderServer;
  afterEach(() => server.close());

  it('measures instruction and input together, names the number of tokens, and gives no value for too few tokens', async () => {
    server = await startOpenAiServer();
    const items = [...ITEMS, instructionOf('Sum it up:', 3, 'Rain fell.')];
    const measure = likelihoodMeasure(askerOf(server).likelihoods!, items);
    expect(measure.name).toContain('compatible m at');
    expect((await measure.estimate([0, 1, 2, 3], FIRST)).calls).toEqual({ expected: 4, worstCase: 4 });
    const measured = await measure.measure([3, 2, 1], { generation: 0 });
    expect([...measured.values]).toEqual([-(2 + 3 + 4 + 5) / 2 / 4, -15 / 2, Number.NaN]);
    expect(measured.reasons).toEqual([
      'mean log-probability -1.75 over 4 tokens',
      'mean log-probability -7.50 over 1 token',
      undefined,
    ]);
    expect(measured.failed).toEqual([{ position: 1, failure: expect.stringContaining('single token') }]);
    expect(measured).toMatchObject({ model: 'm-served', unmeasured: 0 });
    expect(server.requests.map(({ body }) => body.prompt)).toContain('Sum it up:\n\nRain fell.');
  });

  it('stops when the server cannot return log-probabilities, instead of failing item by item', async () => {
    server = await startOpenAiServer({
      complete: () => ({ prompt: [], generated: [-1], usage: { prompt: 3, completion: 1 } }),
    });
    const measure = likelihoodMeasure(askerOf(server, { concurrency: 1 }).likelihoods!, ITEMS);
    const measured = await measure.measure([0, 1, 2], { generation: 0 });
    expect(measured).toMatchObject({ unmeasured: 3, failed: [], stopped: { by: 'provider' } });
    expect(server.requests).toHaveLength(1);
  });
});

describe('poolLikelihoodMeasure', () => {
  const usual = Array.from({ length: 300 }, (_, position) =>
    instructionOf(`Explain how thing number ${position} works.`, position),
  );
  const items = [...usual, instructionOf('Zxq jvk wpf bnh gdm?', 300)];

  it('is free, and gives the lowest value to the text least similar to the rest of the pool', async () => {
    const measure = poolLikelihoodMeasure(items);
    expect(measure.name).toBe('offline character 5-grams of the pool');
    expect((await measure.estimate([0, 1], FIRST)).calls.worstCase).toBe(0);
    const done: number[] = [];
    const positions = [300, 5, 7];
    const measured = await measure.measure(positions, { generation: 0, onMeasured: (count) => done.push(count) });
    const [odd, ...others] = measured.values;
    expect(odd).toBeLessThan(Math.min(...others) - 1);
    expect(measured.reasons[0]).toBe(`mean log-probability ${odd!.toFixed(2)} per character`);
    expect(measured).toMatchObject({ failed: [], unmeasured: 0, model: null, costMicroUsd: [0, 0, 0] });
    expect(done.at(-1)).toBe(3);
    // Neither the order of the positions nor earlier calls change the values.
    expect([...(await measure.measure([7, 300], { generation: 0 })).values]).toEqual([measured.values[2], odd]);
    expect((await poolLikelihoodMeasure(items).measure([300], { generation: 1 })).values[0]).toBe(odd);
  });

  it('stops when interrupted, while learning the pool or while measuring', async () => {
    const early = new AbortController();
    early.abort(new Error('enough'));
    const measure = poolLikelihoodMeasure(items);
    expect(await measure.measure([0, 1], { generation: 0, signal: early.signal })).toMatchObject({
      unmeasured: 2,
      stopped: { by: 'interrupt', error: new Error('enough') },
    });
    const late = new AbortController();
    const all = items.map((_, position) => position);
    const measured = await measure.measure(all, {
      generation: 0,
      signal: late.signal,
      onMeasured: () => late.abort(new Error('enough')),
    });
    expect(measured).toMatchObject({ unmeasured: items.length - 256, stopped: { by: 'interrupt' } });
    expect(measured.values[0]).toBeLessThan(0);
    expect(measured.values[300]).toBeNaN();
    expect(measured.reasons).toHaveLength(items.length);
  });
});
