import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../../src/domain/instruction.ts';
import { NO_CALLS } from '../../../src/domain/usage.ts';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import type { LikelihoodModel } from '../../../src/models/likelihood-model.ts';
import { ifdMeasure, poolIfdMeasure } from '../../../src/selection/measures/ifd-measure.ts';
import { ifdStrategy } from '../../../src/selection/strategies/ifd.ts';
import { asksLlm } from '../../../src/selection/strategies/llm-use.ts';
import { instructionOf, measureOf, strategyContext } from '../../../src/testing/strategy-context.ts';

const pair = (instruction: string, output: string | undefined, position = 0, input?: string): Instruction => ({
  ...instructionOf(instruction, position, input),
  ...(output === undefined ? {} : { output }),
});

/** Words are tokens; one that occurred before costs 1, another 3, in nats. */
const model: LikelihoodModel & { readonly asked: string[] } = {
  name: 'a test model',
  shortName: 'tests',
  concurrency: 1,
  asked: [],
  likelihood: async (text) => {
    model.asked.push(text);
    const words = text.split(/\s+/);
    const losses = words.slice(1).map((word, index) => (words.slice(0, index + 1).includes(word) ? 1 : 3));
    const sum = losses.reduce((total, loss) => total + loss, 0);
    return { meanLogprob: -sum / losses.length, tokens: losses.length, model: 'tests-1', costMicroUsd: 7 };
  },
  estimate: () => ({ ...NO_CALLS, calls: { expected: 1, worstCase: 2 } }),
};

describe('IFD', () => {
  it('is the loss of the response after the instruction, divided by its loss alone', async () => {
    const instructions = [pair('Say red green', ' red green blue'), pair('Say nothing', ' red', 1, 'of red')];
    const measured = await ifdMeasure(model, instructions).measure([0, 1], { generation: 0 });
    // After the instruction: 1 + 1 + 3; alone 3 + 3 + 3.
    expect([...measured.values].map((value) => value.toFixed(9))).toEqual([(5 / 9).toFixed(9), (1 / 3).toFixed(9)]);
    expect(measured.costMicroUsd).toEqual([28, 28]);
    expect(model.asked.slice(0, 4)).toEqual([
      'Say red green\n\n### Response: red green blue',
      'Say red green\n\n### Response:',
      '### Response: red green blue',
      '### Response:',
    ]);
    expect(model.asked[4]).toBe('Say nothing\nInput:of red\n\n### Response: red');
    expect((await ifdMeasure(model, instructions).estimate([0, 1], { generation: 0 })).calls.expected).toBe(6);
  });

  it('has no value without a response, or with an empty one', async () => {
    const instructions = [pair('Say red', undefined), pair('Say red', '')];
    const { failed } = await ifdMeasure(model, instructions).measure([0, 1], { generation: 0 });
    expect(failed.map(({ failure }) => failure)).toEqual([
      expect.stringContaining('it has no response'),
      expect.stringContaining('the response is empty'),
    ]);
  });

  it('is lower offline for a response that takes its words from the instruction', async () => {
    const outputs = [
      'Nine violins play in Vienna tonight.',
      'Seven rivers meet near Basel.',
      'Bread needs flour and salt.',
    ];
    const instructions = [
      pair('Repeat this: Nine violins play in Vienna tonight.', outputs[0]),
      pair('Where?', outputs[1], 1),
      pair('What?', outputs[2], 2),
      pair('What?', undefined, 3),
    ];
    const measured = await poolIfdMeasure(instructions).measure([0, 1, 2, 3], { generation: 0 });
    expect(measured.values[0]!).toBeLessThan(0.7);
    expect(measured.values[1]!).toBeGreaterThan(0.8);
    expect(measured.failed).toEqual([{ position: 3, failure: 'it has no response' }]);
  });

  it('picks the highest up to 1, and says when too few are', async () => {
    const pick = async (count: number, options = {}) => {
      const measures = new Map([['ifd', measureOf((position) => position / 40)]]);
      const context = strategyContext(ifdStrategy, javascriptKernel, { count, measures, options });
      return (await (await ifdStrategy.prepare(context)).select()).picks.map(({ position }) => position);
    };
    expect(await pick(3)).toEqual([40, 39, 38]);
    expect(await pick(2, { highest: 0.5 })).toEqual([20, 19]);
    await expect(pick(50)).rejects.toThrow('only 41 of 60 have an IFD of 1 or less');
  });

  it('needs log-probabilities of prompts, which is said', () => {
    const asks = (writing: string) => asksLlm(ifdStrategy, { highest: 1 }, { writing, judging: writing });
    expect(() => asks('anthropic')).toThrow('IFD needs the log-probabilities of prompts, and anthropic');
    expect([asks('compatible'), asks('offline')]).toEqual([true, false]);
  });
});
