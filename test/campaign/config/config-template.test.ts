import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configJsonSchema } from '../../../src/campaign/config/config-json-schema.ts';
import { configTemplate } from '../../../src/campaign/config/config-template.ts';
import { parseConfig } from '../../../src/campaign/config/load-config.ts';
import { PRESETS, type TemplateAnswers } from '../../../src/campaign/config/template-answers.ts';
import type { ModelPrice } from '../../../src/domain/usage.ts';
import { findModel } from '../../../src/models/metering/prices.ts';

const price: ModelPrice = { input: 300_000, output: 1_200_000, cachedInput: 150_000 };
const TRAINERS: readonly TemplateAnswers['trainer'][] = [
  undefined,
  { kind: 'retrieval' },
  { kind: 'nearest-neighbour' },
  { kind: 'command', command: 'sh train.sh "$WINNOW_TRAINING_FILE" # all of it', worstCaseMicroUsd: 500_000 },
  { kind: 'openai', model: 'gpt-4o-mini-2024-07-18', trainingMicroUsd: 3_000_000, price },
];
const EVERY_KIND = PRESETS.flatMap((preset) =>
  TRAINERS.flatMap((trainer): TemplateAnswers[] => [
    { preset, pool: ['pool.jsonl'], trainer },
    { preset, pool: ['a.csv', 'b.parquet'], provider: 'openai', model: 'gpt-4o-mini', labels: 30, trainer },
  ]),
);

const KEY = /^\s*(?:- )?([A-Za-z]+):/;

interface Alternative {
  readonly first: number;
  readonly last: number;
}

/** Blocks of commented-out lines: "#key", with deeper lines of the same block as "#  key". */
function alternatives(lines: readonly string[]): Alternative[] {
  return lines.flatMap((line, first) => {
    const starts = /^\s*#[A-Za-z]/.test(line) && !/^\s*#[A-Za-z]/.test(lines[first - 1] ?? '');
    if (!starts) return [];
    let last = first;
    while (/^\s*#(?:[A-Za-z]| {2,}\S)/.test(lines[last + 1] ?? '')) last++;
    return [{ first, last }];
  });
}

/** Takes the block's "#" away, and out of the section the active lines it stands for. */
function uncomment(lines: readonly string[], { first, last }: Alternative): string {
  const block = lines.slice(first, last + 1).map((line) => line.replace('#', ''));
  const indent = /^\s*/.exec(lines[first]!)![0];
  const outside = (line: string) => line !== '' && !line.startsWith(indent);
  const begin = lines.findLastIndex((line, index) => index < first && outside(line)) + 1;
  const after = lines.findIndex((line, index) => index > last && outside(line));
  const end = after < 0 ? lines.length : after;
  const ofTrainer = lines[begin - 1] === 'trainer:';
  const replaced = block.map((line) => KEY.exec(line)?.[1]);
  const keep = (line: string) => {
    const key = line.startsWith(`${indent} `) ? undefined : KEY.exec(line)?.[1];
    // Another trainer is another mapping: none of the keys of the first stays.
    return key === undefined || (!ofTrainer && !replaced.includes(key));
  };
  const [before, behind] = [lines.slice(begin, first), lines.slice(last + 1, end)];
  const section = [...before.filter(keep), ...block, ...behind.filter(keep)];
  return [...lines.slice(0, begin), ...section, ...lines.slice(end)].join('\n');
}

describe('a template', () => {
  it('names its schema first, for editors', () => {
    const [first] = configTemplate({ preset: 'mods', pool: ['a'] }).split('\n');
    expect(first).toBe('# yaml-language-server: $schema=./winnow.schema.json');
  });

  it('is read as what was asked', () => {
    const text = configTemplate({
      preset: 'selectllm',
      pool: ['a.jsonl', 'b c.csv'],
      provider: 'compatible',
      model: 'org/model: 7b',
      baseUrl: 'http://localhost:8000/v1',
      price,
      labels: 30,
      totalMicroUsd: 12_345_678,
      trainer: { kind: 'openai', model: 'm', trainingMicroUsd: 3_000_000, price },
    });
    expect(parseConfig(text, 'winnow.yaml')).toMatchObject({
      pool: { files: ['a.jsonl', 'b c.csv'] },
      llm: { provider: 'compatible', model: 'org/model: 7b', baseUrl: 'http://localhost:8000/v1', price },
      budget: { labels: 30, totalUsd: 12_345_678 },
      rounds: { seed: { count: 6 }, necessity: { count: 6 } },
      trainer: { kind: 'openai', model: 'm', trainingPrice: 3_000_000, price },
    });
  });

  const withLlm = { provider: 'openai', model: 'gpt-4o-mini' };

  it('begins with SelectLLM where there is an LLM, and covers the pool after that', () => {
    const config = parseConfig(configTemplate({ preset: 'selectllm', pool: ['a'], ...withLlm }), 'winnow.yaml');
    expect(config.quality).toBeUndefined();
    expect(config.rounds.seed).toMatchObject({ strategy: 'selectllm', count: 100 });
    expect(config.rounds.necessity).toMatchObject({ select: 'pool' });
  });

  it.each(PRESETS)('begins %s with facility location where there is no LLM, and says how to use one', (preset) => {
    const text = configTemplate({ preset, pool: ['a'] });
    expect(parseConfig(text, 'winnow.yaml').rounds.seed.strategy).toBe('facility-location');
    expect(text).toContain('# Have an LLM choose (name it in llm):\n    #strategy: selectllm\n');
  });

  it('begins mods with a quality filter and chooses by its own rule, with k-center throughout', () => {
    const config = parseConfig(configTemplate({ preset: 'mods', pool: ['a'], ...withLlm }), 'winnow.yaml');
    expect(config.quality).toEqual({ criterion: 'quality', threshold: 2.5 });
    expect(config.rounds.seed.strategy).toBe('k-center');
    expect(config.rounds.necessity).toMatchObject({ select: 'mods' });
  });

  it('quotes text that YAML would read as something else', () => {
    const path = fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constantFrom(
        '- a',
        'a: b',
        'a #b',
        '#a',
        'null',
        'true',
        '1',
        '~',
        '*a',
        '&a',
        '!a',
        '%a',
        '@a',
        '"',
        "'",
        '{a}',
        '[a',
        '\u202ea',
        'a\nb',
        ' a ',
        '\u00a0',
        'a\u3000',
        'C:\\x',
        'x'.repeat(300),
      ),
    );
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 3 }), path, (pool, command) => {
        const text = configTemplate({
          preset: 'mods',
          pool,
          trainer: { kind: 'command', command, worstCaseMicroUsd: 0 },
        });
        expect(parseConfig(text, 'winnow.yaml')).toMatchObject({ pool: { files: pool }, trainer: { command } });
      }),
    );
  });

  it('is short and fits a screen', () => {
    for (const answers of EVERY_KIND) {
      const lines = configTemplate(answers).split('\n');
      expect(lines.length).toBeLessThanOrEqual(110);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
    }
  });

  it('is valid by its JSON Schema, which refuses a mistake', () => {
    const schema = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
    for (const answers of EVERY_KIND) expect(schema.safeParse(parse(configTemplate(answers))).error).toBeUndefined();
    const config = parse(configTemplate(EVERY_KIND[0]!));
    expect(schema.safeParse({ ...config, seeed: 1 }).success).toBe(false);
    expect(schema.safeParse({ ...config, budget: { llmUsd: 'much' } }).success).toBe(false);
    const isValidSeed = (seed: object) => schema.safeParse({ ...config, rounds: { seed } }).success;
    expect(isValidSeed({ options: { perQuery: 5 } })).toBe(true);
    expect(isValidSeed({ strategy: 'mods', options: { cover: 'k-means', judge: 'expert', scorer: 'mine.json' } })).toBe(
      true,
    );
    expect(isValidSeed({ strategy: 'mods', options: { perQuery: 5 } })).toBe(false);
    expect(isValidSeed({ strategy: 'mods', options: { cover: 'blanket' } })).toBe(false);
  });

  it('offers alternatives that can all be used', () => {
    for (const answers of EVERY_KIND) {
      const lines = configTemplate(answers).split('\n');
      const blocks = alternatives(lines);
      expect(blocks.length).toBeGreaterThanOrEqual(11);
      const original = JSON.stringify(parseConfig(lines.join('\n'), 'winnow.yaml'));
      for (const block of blocks) {
        const name = `alternative at line ${block.first + 1}`;
        const config = JSON.stringify(parseConfig(uncomment(lines, block), name));
        // An alternative may be what was chosen, where something was.
        const chosen = answers.provider ?? answers.trainer;
        if (chosen === undefined) expect(config, name).not.toBe(original);
      }
    }
  });

  it('suggests models whose prices are known', () => {
    const text = configTemplate({ preset: 'mods', pool: ['a'] });
    expect(text).toContain('#model: gpt-4o-mini\n');
    expect(findModel('openai', 'gpt-4o-mini')).toBeDefined();
    expect(text).toContain('#  model: claude-haiku-4-5\n');
    expect(findModel('anthropic', 'claude-haiku-4-5')).toBeDefined();
  });
});
