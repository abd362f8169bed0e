import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabeledExample } from '../../src/domain/label.ts';
import { embeddingMatrix } from '../../src/math/embedding-matrix.ts';
import type { Embedder } from '../../src/models/embedders/embedder.ts';
import { labeledExamples } from '../../src/testing/training-job.ts';
import { nearestNeighbourModel } from '../../src/trainers/nearest-neighbour.ts';
import { oneThread, plain } from '../math/kernels.ts';

const COLUMNS = 26;

/** An embedder that is easy to check by eye: how often each letter occurs. It counts the requests. */
function letterEmbedder(fail: () => Error | undefined = () => undefined): Embedder & { readonly calls: number[] } {
  const calls: number[] = [];
  return {
    space: 'letters',
    metered: false,
    calls,
    async embed(texts, { signal } = {}) {
      calls.push(texts.length);
      const failure = fail();
      if (failure) throw failure;
      signal?.throwIfAborted();
      return embeddingMatrix(Float32Array.from(texts.flatMap(letterCounts)), texts.length, COLUMNS);
    },
  };
}

function letterCounts(text: string): number[] {
  const counts = new Array<number>(COLUMNS).fill(0.01);
  for (const letter of text.toLowerCase().match(/[a-z]/g) ?? []) counts[letter.charCodeAt(0) - 97]! += 1;
  const length = Math.hypot(...counts);
  return counts.map((count) => count / length);
}

const example = (instruction: string, response: string, input?: string): LabeledExample => ({
  id: instruction,
  instruction,
  response,
  ...(input === undefined ? {} : { input }),
});

const model = (examples: readonly LabeledExample[], embedder: Embedder = letterEmbedder(), kernel = plain) =>
  nearestNeighbourModel({ name: 'nearest-neighbour-r2', examples, embedder, kernel });

const SUBJECT = { subject: 'item 1' };

describe('nearestNeighbourModel', () => {
  it('answers with the response of the nearest example, free of charge, and names itself', async () => {
    const asked = model([example('zzzz', 'buzz'), example('aaab', 'bleat'), example('mmmm', 'hum')]);
    const answer = await asked.answer({ instruction: 'aabb' }, SUBJECT);
    expect(answer).toEqual({ text: 'bleat', model: 'nearest-neighbour-r2', costMicroUsd: 0 });
    expect(asked.name).toBe('nearest-neighbour-r2');
    expect(asked.estimate({ instruction: 'aabb' })).toEqual({ expected: 0, worstCase: 0 });
  });

  it('reads the input too', async () => {
    const asked = model([example('ab', 'without'), example('ab', 'with', 'zzzzzzzz')]);
    await expect(asked.answer({ instruction: 'ab', input: 'zzzz' }, SUBJECT)).resolves.toMatchObject({ text: 'with' });
    await expect(asked.answer({ instruction: 'ab' }, SUBJECT)).resolves.toMatchObject({ text: 'without' });
  });

  it.each([
    ['equal texts', ['ab', 'ab', 'ab']],
    ['equal vectors', ['ab', 'ba', 'b a']],
  ])('answers with the first example of %s', async (_, texts) => {
    const examples = [example('zz', 'other'), ...texts.map((text, number) => example(text, `answer ${number}`))];
    for (const kernel of [plain, oneThread]) {
      const asked = model(examples, letterEmbedder(), kernel);
      await expect(asked.answer({ instruction: 'ab' }, SUBJECT)).resolves.toMatchObject({ text: 'answer 0' });
    }
  });

  it('answers every example with its own response', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 20 }),
        async (texts) => {
          // One letter a text, so that all vectors differ.
          const examples = texts.map((text, number) =>
            example(`${String.fromCharCode(97 + number).repeat(2_000)}${text}`, `response ${number} ${text}`),
          );
          const asked = model(examples);
          const answers = await Promise.all(examples.map((one) => asked.answer(one, SUBJECT)));
          expect(answers.map(({ text }) => text)).toEqual(examples.map(({ response }) => response));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('embeds its examples once, and concurrent questions together', async () => {
    const embedder = letterEmbedder();
    const examples = labeledExamples(20);
    const asked = model(examples, embedder);
    expect(embedder.calls).toEqual([]);
    await Promise.all(examples.map((one) => asked.answer(one, SUBJECT)));
    await Promise.all(examples.slice(0, 7).map((one) => asked.answer(one, SUBJECT)));
    expect(embedder.calls).toEqual([20, 20, 7]);
  });

  it('answers no more questions at once than it declares', async () => {
    const embedder = letterEmbedder();
    const asked = model(labeledExamples(3), embedder);
    const items = Array.from({ length: asked.concurrency + 5 }, (_, number) => ({ instruction: `Item ${number}` }));
    const answers = await Promise.all(items.map((item) => asked.answer(item, SUBJECT)));
    expect(answers).toHaveLength(items.length);
    expect(embedder.calls.toSorted((a, b) => a - b)).toEqual([3, 5, asked.concurrency]);
  });

  it('rejects with the reason of the signal, and leaves questions without it alone', async () => {
    const asked = model(labeledExamples(3));
    const leave = new AbortController();
    const left = asked.answer({ instruction: 'one' }, { ...SUBJECT, signal: leave.signal });
    const other = asked.answer({ instruction: 'two' }, SUBJECT);
    leave.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await expect(other).resolves.toMatchObject({ model: 'nearest-neighbour-r2' });
    await expect(asked.answer({ instruction: 'x' }, { ...SUBJECT, signal: leave.signal })).rejects.toThrow('left');
  });

  it('embeds its examples again after a failure', async () => {
    let failures = 1;
    const embedder = letterEmbedder(() => (failures-- > 0 ? new Error('no embedder today') : undefined));
    const asked = model(labeledExamples(3), embedder);
    await expect(asked.answer({ instruction: 'x' }, SUBJECT)).rejects.toThrow('no embedder today');
    const [first] = labeledExamples(3);
    await expect(asked.answer(first!, SUBJECT)).resolves.toMatchObject({ text: first!.response });
  });
});
