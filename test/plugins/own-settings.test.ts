import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/campaign/config/load-config.ts';
import { addLlmOptions, toRunOptions } from '../../src/cli/commands/run-options.ts';
import { type EmbedderDefinition, modelSettings, type ProviderDefinition, pick, z } from '../../src/index.ts';
import { openLlm } from '../../src/models/providers/open-llm.ts';
import type { ClientSettings } from '../../src/models/providers/provider-definition.ts';
import { PROVIDERS } from '../../src/models/providers/registry.ts';
import { usePlugins } from '../../src/plugins/plugin.ts';
import { workbenchSettings } from '../../src/runs/campaign/campaign-workbench.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = temporaryFolder();
const region = z.enum(['here', 'there']).describe('where it is served');
const opened: ClientSettings[] = [];
const ownProvider: ProviderDefinition = {
  ...PROVIDERS.find('offline'),
  name: 'regional',
  settings: modelSettings.extend({ region, tier: z.int().min(1).default(2).describe('how fast it answers') }),
  required: ['model'],
  price: undefined,
  models: { house: { price: { input: 7, cachedInput: 7, output: 9 }, contextTokens: 32_768 } },
  open: (settings) => {
    opened.push(settings);
    return PROVIDERS.find('offline').open(settings);
  },
} as ProviderDefinition;
const folded: unknown[] = [];
const ownEmbedder: EmbedderDefinition = {
  name: 'folded',
  summary: 'three numbers a text',
  settings: z.strictObject({ fold: z.int().describe('where texts are folded') }),
  identity: (settings) => `folded ${settings.own?.fold}`,
  open: async (settings) => {
    folded.push(settings.own);
    return {
      space: 'folded',
      metered: false,
      embed: async (texts) => ({
        ...{ rows: texts.length, columns: 2 },
        data: Float32Array.from(texts.flatMap((text) => [Math.cos(text.length), Math.sin(text.length)])),
      }),
    };
  },
};

beforeAll(() => {
  usePlugins([{ name: 'own', version: '1', providers: [ownProvider], embedders: [ownEmbedder] }]);
});

describe('settings that only a provider of a plugin has', () => {
  it('are flags, and options of the run', () => {
    const command = addLlmOptions(new Command(), { does: 'chooses', prompts: 'choose.md' });
    expect(command.helpInformation()).toMatch(/--region <name>\s+regional: where it is served: here or there/);
    const flags = command.parse(['--provider', 'regional', '--region', 'there', '--tier', '3'], { from: 'user' });
    expect(toRunOptions(flags.opts(), {})).toMatchObject({ providerOptions: { region: 'there', tier: 3 } });
  });

  it('are keys of llm in winnow.yaml, checked there, and reach the client with their defaults', () => {
    const config = (llm: string) => parseConfig(`pool: { files: [a.jsonl] }\nllm: ${llm}`, 'winnow.yaml');
    expect(() => config('{ provider: regional, model: house }')).toThrow('needs region beside it');
    expect(() => config('{ provider: regional, model: house, region: away }')).toThrow('llm.region');
    expect(() => config('{ provider: openai, model: gpt-4o, region: here }')).toThrow('does nothing for the provider');
    const { llm } = workbenchSettings({
      ...{ config: config('{ provider: regional, model: house, region: here }'), folder: '.', environment: {} },
      ...{ cacheFolder: '.', clock: new VirtualClock(), batch: false, wait: false, onNote: () => undefined },
    });
    expect(llm.own).toEqual({ region: 'here', tier: 2 });
  });

  it('reach the client, whose price is that of its own table', async () => {
    const asking = { provider: 'regional', model: 'house', own: { region: 'here', tier: 2 }, timeoutMs: 1000 };
    const { price, contextTokens } = await openLlm(asking);
    expect({ price, contextTokens }).toEqual({ price: { input: 7, cachedInput: 7, output: 9 }, contextTokens: 32_768 });
    expect(opened.at(-1)!.own).toEqual({ region: 'here', tier: 2 });
    await expect(openLlm({ ...asking, model: 'unknown' })).rejects.toMatchObject({ code: 'UNKNOWN_PRICE' });
  });

  it('are part of what a run is', async () => {
    const pool = ['one', 'two', 'three'].map((instruction) => ({ instruction }));
    const common = { pool, count: 1, strategy: 'selectllm', provider: ownProvider, model: 'house' } as const;
    const state = folder.file('run.db');
    const choose = (where: string) => pick({ ...common, state, providerOptions: { region: where } });
    await choose('here');
    expect(opened.at(-1)!.own).toEqual({ region: 'here', tier: 2 });
    await expect(choose('there')).rejects.toThrow('providerOptions');
    await choose('here');
    await expect(choose('away')).rejects.toThrow('region is refused');
  });
});

it('settings that only an embedder of a plugin has reach it', async () => {
  const pool = ['one', 'three', 'seventeen'].map((instruction) => ({ instruction }));
  const options = {
    pool,
    count: 1,
    strategy: 'k-center',
    state: ':memory:',
    cacheFolder: folder.path,
    embedder: 'folded',
  } as const;
  await pick({ ...options, embedderOptions: { fold: 3 } });
  expect(folded).toEqual([{ fold: 3 }]);
  await expect(pick(options)).rejects.toThrow('folded needs fold');
});
