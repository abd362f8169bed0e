import { expect, it } from 'vitest';
import { configJsonSchema, type OptionSchema, schemaAt } from '../../../src/campaign/config/config-json-schema.ts';
import { configReference } from '../../support/config-reference.ts';

function leaves(schema: OptionSchema, path: string): [string, OptionSchema][] {
  const below = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.oneOf ?? []).map((kind) => ['', kind] as const),
  ];
  if (below.length === 0) return [[path, schema]];
  return below.flatMap(([key, option]) => leaves(option, key === '' ? path : `${path}.${key}`));
}

it('is of the draft that editors read, refuses unknown keys, and requires only the pool', () => {
  expect(configJsonSchema()).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'winnow.yaml',
    additionalProperties: false,
    required: ['pool'],
  });
});

it('explains every option', () => {
  const options = leaves(configJsonSchema(), '');
  expect(options.length).toBeGreaterThan(70);
  expect(options.filter(([, { description }]) => !description).map(([path]) => path)).toEqual([]);
});

it('says of money what it may be, and its default in dollars', () => {
  const command = schemaAt(['trainer'], { trainer: { kind: 'command' } })!;
  expect(command.properties!.costUsd).toMatchObject({
    type: ['number', 'string'],
    format: 'usd',
    minimum: 0,
  });
});

it('finds what may stand at a path, by the kind that is chosen', () => {
  expect(schemaAt(['rounds', 'most'], {})).toMatchObject({ type: 'integer', minimum: 1 });
  expect(schemaAt(['labels', 'heldOutFiles', 3], {})).toMatchObject({ type: 'string' });
  expect(schemaAt(['trainer', 'epochs'], { trainer: { kind: 'openai' } })).toMatchObject({ type: 'integer' });
  expect(schemaAt(['trainer', 'epochs'], { trainer: { kind: 'command' } })).toBeUndefined();
  expect(schemaAt(['nonsense'], {})).toBeUndefined();
});

it('makes a table with a row for every option, mappings that are alike told once', () => {
  const rows = configReference().trimEnd().split('\n');
  expect(rows.slice(0, 2)).toEqual(['| option | value | default | meaning |', '|---|---|---|---|']);
  for (const row of rows) expect(row.match(/ \||\|-/g)?.length).toBeGreaterThanOrEqual(4);
  expect(rows).toContain(
    '| `stop.failureRateBelow` | a number from 0 to 1 | – | share of evaluated instructions that fail |',
  );
  expect(rows).toContain('| `judge` | as `llm` | – | the LLM that judges; by default the one that chooses |');
  expect(rows).toContain(
    '| `pool.turns` | one of last, first, each | last | which user turn of a conversation is asked: the last, the first, or each |',
  );
  expect(new Set(rows).size).toBe(rows.length);
});
