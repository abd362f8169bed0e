import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabeledExample } from '../../src/domain/label.ts';
import type { Embedder } from '../../src/models/embedders/embedder.ts';
import { WHOLE_CONVERSATION } from '../../src/testing/whole-conversation.ts';
import { nearestNeighbourModel } from '../../src/trainers/nearest-neighbour.ts';
import { oneThread, plain } from '../math/kernels.ts';
import { letterEmbedder } from './letter-embedder.ts';

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

  it('reads what was said before', async () => {
    const { context, ...request } = WHOLE_CONVERSATION;
    const asked = model([
      { id: 'alone', ...request, response: 'Who is she?' },
      { id: 'chat', ...request, context, response: 'Twice a day.' },
    ]);
    await expect(asked.answer(WHOLE_CONVERSATION, SUBJECT)).resolves.toMatchObject({ text: 'Twice a day.' });
    await expect(asked.answer(request, SUBJECT)).resolves.toMatchObject({ text: 'Who is she?' });
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
});
