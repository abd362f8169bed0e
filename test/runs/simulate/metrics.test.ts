import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddingText } from '../../../src/domain/instruction.ts';
import { type SimulationResult, simulate } from '../../../src/index.ts';
import { redundancy } from '../../../src/math/coverage.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowOf } from '../../../src/math/embedding-matrix.ts';
import { javascriptKernel } from '../../../src/math/javascript-kernel.ts';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { exactMatches } from '../../../src/runs/simulate/measure-cell.ts';
import { RougeLScorer } from '../../../src/runs/simulate/rouge-l-scorer.ts';
import { answerKey, isShortAnswer } from '../../../src/text/rouge-words.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { labeledRecords, smallSimulation, writeLabeled } from './simulation-lab.ts';

const folder = temporaryFolder();

describe('exact matches', () => {
  it('are counted among the short true responses, regardless of case, punctuation and spaces', () => {
    const truth = ['Paris.', 'a b c d e', 'one two three four five six', 'Yes', '?!'];
    expect(exactMatches(['  PARIS', 'a b c d', 'one two three four five six', '"yes!"', '?!'], truth)).toBe(2 / 3);
    expect(exactMatches(['x', 'x'], ['one two three four five six', '…'])).toBeNull();
  });

  it('tell words apart, and symbols that mean something', () => {
    expect(answerKey('re-do  it')).toBe(answerKey('Re do it!'));
    expect(answerKey('C++')).not.toBe(answerKey('C'));
    expect(answerKey('cafe\u0301')).toBe(answerKey('CAFÉ'));
    expect(isShortAnswer('五つ')).toBe(true);
    expect(isShortAnswer('これは五つより多い')).toBe(false);
  });

  it('are unchanged by normalizing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(answerKey(answerKey(text))).toBe(answerKey(text));
      }),
    );
  });
});

describe('redundancy', () => {
  const rows = (...vectors: number[][]) => embeddingMatrix(Float32Array.from(vectors.flat()), vectors.length, 2);

  it('is the mean cosine to the most similar other', async () => {
    // 0 and 1 are alike by 0.6, 1 and 2 by 0.8, 0 and 2 not at all.
    const vectors = rows([1, 0], [0.6, 0.8], [0, 1]);
    expect(await redundancy(vectors, javascriptKernel)).toBeCloseTo((0.6 + 0.8 + 0.8) / 3, 6);
    expect(await redundancy(rows([1, 0], [1, 0]), javascriptKernel)).toBe(1);
  });

  it('is unknown for a single one', async () => {
    expect(await redundancy(rows([1, 0]), javascriptKernel)).toBeNull();
  });
});

describe('the metrics of a cell', () => {
  const records = labeledRecords(60, (index) => (index % 2 === 0 ? 'yes' : 'no, and that takes more than five words'));
  let result: SimulationResult;
  let vectors: Map<string, Float32Array>;
  const embed = minilmEmbedder();

  beforeAll(async () => {
    const labeled = writeLabeled(folder, 'metrics.jsonl', records);
    const trainer = { kind: 'nearest-neighbour' } as const;
    const more = { labeled, strategies: ['random'], budgets: [1, 6, 48], trainer };
    result = await simulate({ ...smallSimulation(folder), ...more });
    const texts = records.flatMap((record) => [embeddingText(record), record.output!]);
    const matrix: EmbeddingMatrix = await embed.embed(texts);
    vectors = new Map(texts.map((text, row) => [text, rowOf(matrix, row)]));
  });
  afterAll(() => vectors.clear());

  const byId = new Map(records.map((record) => [record.id, record]));
  const cosine = (a: string, b: string) =>
    vectors.get(a)!.reduce((sum, value, column) => sum + value * vectors.get(b)![column]!, 0);
  const largest = <T>(items: readonly T[], scoreOf: (item: T) => number) =>
    items.reduce((best, item) => (scoreOf(item) > scoreOf(best) ? item : best));

  it.each([0, 1])('are what they come to by hand, with seed %i', (seed) => {
    const cellOf = (budget: number) => result.cells.find((cell) => cell.budget === budget && cell.seed === seed)!;
    // The largest budget takes the whole pool, so what it does not have is held out.
    const pool = new Set(cellOf(48).picked);
    const heldOut = records.filter(({ id }) => !pool.has(id));
    expect(heldOut).toHaveLength(12);
    const { picked, metrics } = cellOf(6);
    const labels = picked.map((id) => byId.get(id)!);
    const answers = heldOut.map(
      (asked) => largest(labels, ({ instruction }) => cosine(instruction, asked.instruction)).output!,
    );
    const truth = heldOut.map(({ output }) => output!);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const scorer = new RougeLScorer(truth);
    const nearest = (instruction: string) => Math.max(...labels.map((label) => cosine(label.instruction, instruction)));
    expect(metrics.rougeL).toBeCloseTo(mean(answers.map((answer, row) => scorer.score(answer, row).f1)), 6);
    expect(metrics.cosine).toBeCloseTo(mean(answers.map((answer, row) => cosine(answer, truth[row]!))), 5);
    const short = truth.flatMap((response, row) => (response.endsWith('yes') ? [row] : []));
    expect(metrics.exactMatch).toBeCloseTo(mean(short.map((row) => (answers[row] === truth[row] ? 1 : 0))), 9);
    expect(metrics.categories).toBe(new Set(labels.map(({ category }) => category)).size / 5);
    const inPool = records.filter(({ id }) => pool.has(id));
    const farthest = Math.min(...inPool.map(({ instruction }) => nearest(instruction)));
    expect(metrics.radius).toBeCloseTo(Math.sqrt(2 - 2 * farthest), 4);
    const others = labels.map((label) =>
      Math.max(
        ...labels.filter((other) => other !== label).map((other) => cosine(other.instruction, label.instruction)),
      ),
    );
    expect(metrics.redundancy).toBeCloseTo(mean(others), 5);
  });

  it('are best where everything is labeled, and unknown where they do not apply', () => {
    for (const { budget, metrics } of result.cells) {
      if (budget === 48) expect(metrics).toMatchObject({ categories: 1 });
      if (budget === 48) expect(metrics.radius).toBeLessThan(1e-3);
      if (budget === 1) expect(metrics.redundancy).toBeNull();
    }
    expect(result.data.shortResponses).toBeGreaterThan(2);
    expect(result.data.shortResponses).toBeLessThan(10);
  });
});
