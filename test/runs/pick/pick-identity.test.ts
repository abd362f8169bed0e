import { describe, expect, it } from 'vitest';
import { loadPrompt } from '../../../src/models/prompt-template.ts';
import { PoolBuilder } from '../../../src/records/pool-builder.ts';
import { defaultStatePath } from '../../../src/runs/open-run.ts';
import { pickIdentity } from '../../../src/runs/pick/pick-identity.ts';
import { normalizePickOptions, type PickOptions } from '../../../src/runs/pick/pick-options.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();

function poolOf(...texts: string[]) {
  const builder = new PoolBuilder();
  texts.forEach((instruction, index) => {
    builder.add({ instruction, meta: {}, record: {} }, { file: 'a', line: index });
  });
  return builder.build();
}

const OPTIONS: PickOptions = {
  pool: 'pool.jsonl',
  count: 10,
  provider: 'compatible',
  model: 'local',
  baseUrl: 'http://localhost:8000/v1',
  cacheFolder: '/cache',
};
type Inputs = Parameters<typeof pickIdentity>[1];
const INPUTS: Inputs = {
  pool: poolOf('one', 'two'),
  existing: undefined,
  prompts: new Map([['select', loadPrompt('select', ['count', 'total', 'candidates'])]]),
  edition: 2,
  revisions: {},
  embeddings: 'minilm',
};

function identity(options: Partial<PickOptions> = {}, inputs: Partial<Inputs> = {}) {
  return pickIdentity(normalizePickOptions({ ...OPTIONS, ...options }), { ...INPUTS, ...inputs });
}

describe('pickIdentity', () => {
  it.each<[string, Partial<PickOptions>, string]>([
    ['the count', { count: 11 }, 'count'],
    ['the seed', { seed: 1 }, 'seed'],
    ['the strategy', { strategy: 'random' }, 'strategy'],
    ['the partition', { strategyOptions: { partition: 'similar' } }, 'partition'],
    ['the votes', { strategyOptions: { votes: 3 } }, 'votes'],
    ['the picks a query', { strategyOptions: { perQuery: 5 } }, 'perQuery'],
    ['the items a query', { strategyOptions: { itemsPerQuery: 10 } }, 'itemsPerQuery'],
    ['the threshold', { dedupeThreshold: 0.9 }, 'dedupeThreshold'],
    ['the model', { model: 'other' }, 'model'],
    ['the context it may fill', { contextTokens: 9_000 }, 'contextTokens'],
    ['the server', { baseUrl: 'http://localhost:9000/v1' }, 'baseUrl'],
    ['the provider', { provider: 'openai' }, 'provider'],
  ])('changes with %s', (_, options, key) => {
    const [one, other] = [identity(), identity(options)];
    expect(other[key]).not.toEqual(one[key]);
    expect(defaultStatePath('pick', other)).not.toBe(defaultStatePath('pick', one));
  });

  it.each<[string, Partial<Inputs>, string]>([
    ['the pool', { pool: poolOf('one', 'two', 'three') }, 'pool'],
    ['the order of the pool', { pool: poolOf('two', 'one') }, 'pool'],
    ['the items labeled already', { existing: poolOf('nine') }, 'existing'],
    ['the vectors', { embeddings: 'precomputed 0123456789ab' }, 'embeddings'],
  ])('changes with %s', (_, inputs, key) => {
    expect(identity({}, inputs)[key]).not.toEqual(identity()[key]);
  });

  it('changes with a prompt, even where its version stays', () => {
    const text = '---\nid: select\nversion: 1\nvariables: [count]\n---\n# User\nChoose {{count}}.';
    const loadOwn = (content: string) => {
      folder.write('select.md', content);
      return identity({}, { prompts: new Map([['select', loadPrompt('select', ['count'], folder.path)]]) });
    };
    expect(loadOwn(text)['prompt select']).toMatch(/^1 \([0-9a-f]{12}\)$/);
    expect(loadOwn(text)).not.toEqual(loadOwn(`${text}\n`));
  });

  it.each<[string, Partial<PickOptions>]>([
    ['the caps', { maxMicroUsd: 5, maxCalls: 6, maxTokens: 7 }],
    ['how many requests are made at once', { concurrency: 1, timeoutMs: 5 }],
    ['where things are kept', { state: 'other.db', cacheFolder: '/elsewhere', saveEmbeddings: 'vectors.npy' }],
    ['the key, or where it is from', { apiKey: 'sk-secret', keySource: 'MY_KEY' }],
    ['the price', { price: { input: 1, cachedInput: 1, output: 1 } }],
    ['how the pool file is named or read', { pool: ['other.csv'], skipBadLines: true }],
    ['taking failed queries up again', { retryFailed: true }],
    [
      'defaults that are given',
      { seed: 0, strategy: 'selectllm', strategyOptions: { votes: 1, partition: 'diverse' } },
    ],
  ])('does not change with %s', (_, options) => {
    expect(identity(options)).toEqual(identity());
    expect(defaultStatePath('pick', identity(options))).toBe(defaultStatePath('pick', identity()));
  });

  it('never holds a key', () => {
    expect(JSON.stringify(identity({ apiKey: 'sk-secret' }))).not.toContain('sk-secret');
  });

  it('has no model or server for strategies that ask no LLM', () => {
    const random = identity({ strategy: 'random' });
    expect(Object.keys(random)).not.toEqual(expect.arrayContaining(['model']));
    expect(random).toEqual(identity({ strategy: 'random', model: 'other', baseUrl: 'http://localhost:1/v1' }));
  });

  it('names a file in .winnow', () => {
    expect(defaultStatePath('pick', identity())).toMatch(/^\.winnow[\\/]pick-[0-9a-f]{12}\.db$/);
  });
});
