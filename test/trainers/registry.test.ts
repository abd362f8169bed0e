import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TrainingError } from '../../src/domain/errors.ts';
import { declaredOptions } from '../../src/domain/options.ts';
import { TRAINERS } from '../../src/trainers/registry.ts';
import { defineTrainer, type SeedModelTools } from '../../src/trainers/trainer-definition.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const SETTINGS = { folder: '/campaign', environment: {}, timeoutMs: 1_000, clock: new VirtualClock() };
const MODEL = { round: 1, trainer: 'command', name: 'seed-r1', baseUrl: null, costMicroUsd: 0 };

/** Tools of which none may be used. */
const UNUSED: SeedModelTools = {
  examples: [],
  environment: {},
  maxOutputTokens: 1,
  temperature: 0,
  embedder: () => Promise.reject(new Error('used')),
  kernel: () => Promise.reject(new Error('used')),
  asker: () => Promise.reject(new Error('used')),
};

describe('the registry of trainers', () => {
  it('describes every trainer and each of its options', () => {
    expect(TRAINERS.names).toEqual(['retrieval', 'nearest-neighbour', 'command', 'openai']);
    for (const { summary, source, options } of TRAINERS) {
      expect(summary).not.toBe('');
      expect(declaredOptions(options).every(({ description }) => description !== '')).toBe(true);
      if (source !== undefined) expect(URL.canParse(source)).toBe(true);
    }
  });

  it.each([
    ['retrieval', {}],
    ['nearest-neighbour', {}],
    ['command', { command: 'true' }],
    ['openai', { model: 'gpt', trainingPrice: 3, price: { input: 1, output: 2 } }],
  ])('opens a %s trainer of that name', async (name, options) => {
    const definition = TRAINERS.find(name);
    const environment = { [definition.keyVariable ?? '']: 'a-key' };
    const trainer = await definition.open(definition.options.parse(options), { ...SETTINGS, environment });
    expect(trainer.name).toBe(name);
  });

  it('needs the address of the server to ask the model of a command', async () => {
    const command = TRAINERS.find('command');
    const opened = command.openModel(MODEL, command.options.parse({ command: 'true' }), UNUSED);
    await expect(opened).rejects.toThrow(TrainingError);
    await expect(opened).rejects.toThrow('The model of round 1, seed-r1, cannot be asked: its server is not known.');
  });

  it('asks a served model where the training or winnow.yaml says, with the key of its own variable', async () => {
    const command = TRAINERS.find('command');
    const asked: unknown[] = [];
    const tools: SeedModelTools = {
      ...UNUSED,
      environment: { WINNOW_MODEL_API_KEY: 'model-key', OPENAI_API_KEY: 'other-key' },
      asker: (settings) => {
        asked.push(settings);
        return Promise.reject(new Error('asked'));
      },
    };
    const options = command.options.parse({ command: 'true', serve: { baseUrl: 'http://localhost:1/v1' } });
    for (const baseUrl of [null, 'http://localhost:2/v1']) {
      await expect(command.openModel({ ...MODEL, baseUrl }, options, tools)).rejects.toThrow('asked');
    }
    const settings = {
      provider: 'compatible',
      model: 'seed-r1',
      apiKey: 'model-key',
      keySource: 'WINNOW_MODEL_API_KEY',
    };
    expect(asked).toMatchObject([
      { ...settings, baseUrl: 'http://localhost:1/v1' },
      { ...settings, baseUrl: 'http://localhost:2/v1' },
    ]);
  });

  it('accepts a trainer of another author', async () => {
    const echo = defineTrainer({
      name: 'echo',
      summary: 'repeats the question',
      options: z.object({ times: z.int().default(1).describe('how often') }),
      modelNeedsOptions: true,
      format: 'alpaca',
      open: async () => TRAINERS.find('nearest-neighbour').open({}, SETTINGS),
      openModel: async ({ name }, { times }) => ({
        name,
        concurrency: 1,
        answer: async ({ instruction }) => ({ text: instruction.repeat(times), model: name, costMicroUsd: 0 }),
        estimate: () => ({ expected: 0, worstCase: 0 }),
      }),
    });
    const trainers = TRAINERS.with(echo);
    const model = await trainers.find('echo').openModel(MODEL, echo.options.parse({ times: 2 }), UNUSED);
    expect((await model.answer({ instruction: 'ab' }, { subject: '' })).text).toBe('abab');
  });
});
