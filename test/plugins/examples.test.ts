import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configTemplate } from '../../src/campaign/config/config-template.ts';
import { parseConfig } from '../../src/campaign/config/load-config.ts';
import type { Correction } from '../../src/domain/label.ts';
import { pick, scorePool, simulate } from '../../src/index.ts';
import { CORRECTION_FORMATS } from '../../src/labels/corrections/registry.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES, detectBridge } from '../../src/labels/registry.ts';
import { TRAINING_FORMATS } from '../../src/labels/training/registry.ts';
import { loadPlugins } from '../../src/plugins/load-plugins.ts';
import { TRAINERS } from '../../src/trainers/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = temporaryFolder();
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const NAMES = [
  'strategy-by-topic',
  'provider-plain-http',
  'judge-regex',
  'measure-rare-words',
  'embedder-letters',
  'trainer-keywords',
  'bridge-survey',
  'format-chatml',
  'corrections-better-worse',
  'records-paragraphs',
];
const pool = ['math', 'math', 'math', 'geo', 'poem'].map((category, index) => ({
  id: `i${index}`,
  instruction: `Question ${'abcde'[index]} about ${category}: explain ${category} ${'vwxyz'[index]}.`,
  output: index % 2 === 0 ? String(index) : 'some words',
  category,
}));
const common = { pool, state: ':memory:', cacheFolder: folder.file('cache'), dedupeThreshold: 0 };
const idsOf = ({ picks }: Awaited<ReturnType<typeof pick>>) => picks.map(({ instruction }) => instruction.id);

beforeAll(async () => {
  await loadPlugins(
    NAMES.map((name) => `./${name}.js`),
    EXAMPLES,
  );
});

describe('the examples', () => {
  it('a strategy takes turns between topics', async () => {
    const result = await pick({ ...common, count: 4, strategy: 'by-topic' });
    expect(idsOf(result)).toEqual(['i0', 'i3', 'i4', 'i1']);
    expect(result.picks[3]).toMatchObject({ reason: 'number 2 of math', strategy: 'by-topic' });
    const other = await pick({ ...common, count: 2, strategy: 'by-topic', strategyOptions: { topicField: 'id' } });
    expect(idsOf(other)).toEqual(['i0', 'i1']);
  });

  it('a judge scores by a pattern', async () => {
    const { dedupeThreshold: _, ...rest } = common;
    const { records, summary } = await scorePool({ ...rest, judge: 'regex', judgeOptions: { pattern: '^\\d+$' } });
    expect(records.map(({ score }) => score)).toEqual([5, 0, 5, 0, 5]);
    expect(summary).toMatchObject({ judge: 'regex', provider: null });
    const best = await pick({
      ...common,
      count: 2,
      strategy: 'alpagasus',
      strategyOptions: { judge: 'regex', pattern: '^[24]$' },
    });
    expect(idsOf(best)).toEqual(['i2', 'i4']);
  });

  it('a measure ranks by unusual words', async () => {
    const { picks } = await pick({ ...common, count: 2, strategy: 'rarest-words' });
    expect(picks.map(({ instruction: { id }, reason }) => [id, reason])).toEqual([
      ['i3', 'rarity 0.40'],
      ['i4', 'rarity 0.40'],
    ]);
  });

  it('an embedder covers the pool by letters', async () => {
    const result = await pick({ ...common, count: 3, strategy: 'k-center', embedder: 'letters' });
    expect(idsOf(result)).toHaveLength(3);
    expect(result.summary.identity.embeddings).toBe('letters 1');
  });

  it('a training format writes ChatML', () => {
    const train = [{ id: 'a', instruction: 'Hi', input: 'there', response: 'Hello' }];
    expect(TRAINING_FORMATS.find('chatml').files({ train, heldOut: [] })).toEqual([
      {
        name: 'train.txt',
        content: '<|im_start|>user\nHi\n\nthere<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n',
      },
    ]);
  });

  it('a format for corrections writes the better and the worse answer', () => {
    const correction: Correction = {
      ...{ id: 'a', instruction: 'Hi', answer: 'No', response: 'Hello', model: 'm', judge: 'j', score: 0 },
      ...{ judgeReason: 'r', decision: 'edited', annotator: null, comment: null },
    };
    const { takes, files } = CORRECTION_FORMATS.find('better-worse');
    expect([correction, { ...correction, decision: 'kept' as const }].map(takes)).toEqual([true, false]);
    expect(files({ train: [correction], heldOut: [] })[0]!.content).toBe(
      '{"question":"Hi","better":"Hello","worse":"No"}\n',
    );
  });

  it('a file format reads paragraphs', async () => {
    const path = folder.write('questions.par', 'One?\n\nTwo?\n');
    const result = await pick({ ...common, pool: path, count: 2, strategy: 'random' });
    expect(result.picks.map(({ instruction }) => instruction.instruction).sort()).toEqual(['One?', 'Two?']);
  });

  it('a label bridge writes questions and reads replies', () => {
    const bridge = BRIDGES.find('survey');
    const task = { id: 'i0', instruction: 'Why?', round: 1, rank: 1, reason: 'r' };
    expect(bridge.encode([task])).toBe('{"survey_key":"i0","question":"Why?","suggestion":null}\n');
    const text = [
      { survey_key: 'i0', reply: 'Because.', person: 'Anna', answered_at: '2026-05-01T10:00:00Z' },
      { survey_key: 'i1', reply: '(pass)' },
      { survey_key: 'i2' },
      { other: 1 },
    ];
    const file = readLabelFile(text.map((line) => JSON.stringify(line)).join('\n'), 'replies.jsonl');
    expect(detectBridge(file).name).toBe('survey');
    const { annotations, untouched, foreign } = bridge.decode(file);
    expect(annotations).toMatchObject([
      { itemId: 'i0', verdict: 'accepted', response: 'Because.', annotator: 'Anna' },
      { itemId: 'i1', verdict: 'skipped', response: null },
    ]);
    expect(untouched).toEqual(['i2']);
    expect(foreign).toEqual([{ place: 'line 4', cause: 'it has no survey_key' }]);
  });

  it('a trainer is configured in winnow.yaml, and its model answers', async () => {
    const text = 'pool: { files: [a.jsonl] }\ntrainer: { kind: keywords, leastWords: 2 }\nlabels: { tool: survey }\n';
    const { trainer, labels } = parseConfig(text, 'winnow.yaml');
    expect(trainer).toEqual({ kind: 'keywords', leastWords: 2 });
    expect(labels.tool).toBe('survey');
    const wrong = () => parseConfig(text.replace('2 }', '-1 }'), 'winnow.yaml');
    expect(wrong).toThrow('trainer.leastWords');
    const definition = TRAINERS.find('keywords');
    const tools = { examples: [{ id: 'a', instruction: 'Name a river in Peru', response: 'The Amazon' }] };
    const model = await definition.openModel({ name: 'keywords-r1' } as never, trainer, tools as never);
    const answer = (instruction: string) => model.answer({ instruction }, { subject: 'x' });
    expect((await answer('A long river in Brazil?')).text).toBe('The Amazon');
    expect((await answer('Add numbers')).text).toBe('');
  });

  it('a trainer that answers at once can be used in a simulation, with its options', async () => {
    const labeled = Array.from({ length: 30 }, (_, index) => ({
      id: `s${index}`,
      instruction: `Describe the city number ${index} of the ${['north', 'south', 'east'][index % 3]}`,
      output: `It lies in the ${['north', 'south', 'east'][index % 3]}.`,
    }));
    const { dedupeThreshold, state, cacheFolder } = common;
    const options = { labeled, dedupeThreshold, state, cacheFolder, strategies: ['random'], budgets: [6], seeds: [0] };
    const result = await simulate({ ...options, trainer: { kind: 'keywords' } });
    expect(result).toMatchObject({ end: 'complete', trainer: 'keywords' });
    // No question shares a hundred words with a label, so this one says nothing.
    const silent = await simulate({ ...options, trainer: { kind: 'keywords', options: { leastWords: 100 } } });
    expect(silent.cells[0]!.metrics.rougeL).toBe(0);
    expect(result.cells[0]!.metrics.rougeL).toBeGreaterThan(0.5);
    const wrong = { kind: 'keywords', options: { leastWords: 'two' } };
    await expect(simulate({ ...options, trainer: wrong })).rejects.toThrow('trainer.options.leastWords');
    await expect(simulate({ ...options, trainer: { kind: 'openai' } })).rejects.toMatchObject({
      message: 'A simulation cannot use the trainer openai.',
      hint: 'Use one of: retrieval, nearest-neighbour, keywords, command.',
    });
  });

  it('a trainer is written into winnow.yaml by init, with its options and its module', () => {
    const trainer = { kind: 'own', name: 'keywords' } as const;
    const text = configTemplate({ preset: 'mods', pool: ['a.jsonl'], plugins: ['../mine.js'], trainer });
    expect(text).toContain('plugins:\n  - ../mine.js\n');
    expect(text).toContain('  #leastWords: 1   # how many words must be shared for an answer\n');
    expect(parseConfig(text, 'winnow.yaml')).toMatchObject({ trainer: { kind: 'keywords', leastWords: 1 } });
  });
});

describe('a provider with an interface of its own', () => {
  let server: Server;
  const asked: { prompt: string; max_tokens: number }[] = [];
  let failures = 0;
  let textField = 'text';
  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      let body = '';
      incoming.on('data', (chunk) => {
        body += chunk;
      });
      incoming.on('end', () => {
        if (failures > 0) {
          failures -= 1;
          outgoing.writeHead(503).end('busy');
          return;
        }
        const request = JSON.parse(body) as { prompt: string; max_tokens: number };
        asked.push(request);
        const text = JSON.stringify({ reason: 'It is fine.', score: 4 });
        outgoing.end(JSON.stringify({ [textField]: text, tokens_in: 500, tokens_out: 20 }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('judges, is retried after a failure, and is paid by the price given', async () => {
    failures = 1;
    const { dedupeThreshold: _, ...rest } = common;
    const { records, summary } = await scorePool({
      ...rest,
      provider: 'plain-http',
      model: 'house',
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/generate`,
      price: { input: 1_000_000, cachedInput: 1_000_000, output: 1_000_000 },
      dimension: 'accuracy',
      concurrency: 1,
      clock: new VirtualClock().runByItself(),
    });
    expect(records.map(({ score }) => score)).toEqual([4, 4, 4, 4, 4]);
    expect(asked).toHaveLength(5);
    expect(summary.retries).toMatchObject({ serverErrors: 1 });
    expect(summary.spent.settledMicroUsd).toBe(5 * 520);
  });

  it('gets the settings of its own', async () => {
    textField = 'reply';
    const { dedupeThreshold: _, ...rest } = common;
    const own = (providerOptions: Readonly<Record<string, unknown>>) =>
      scorePool({
        ...rest,
        ...{ provider: 'plain-http', model: 'house', providerOptions, dimension: 'accuracy' },
        baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/generate`,
        price: { input: 0, cachedInput: 0, output: 0 },
      });
    const { records } = await own({ textField: 'reply' });
    expect(records.map(({ score }) => score)).toEqual([4, 4, 4, 4, 4]);
    await expect(own({ textFeld: 'reply' })).rejects.toThrow('textFeld means nothing to plain-http');
    await expect(own({ textField: 3 })).rejects.toThrow('textField is refused: ');
  });
});
