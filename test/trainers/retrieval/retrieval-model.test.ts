import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { embeddingText } from '../../../src/domain/instruction.ts';
import type { LabeledExample } from '../../../src/domain/label.ts';
import { embeddingMatrix, takeRows } from '../../../src/math/embedding-matrix.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { spearman } from '../../../src/math/rank-correlation.ts';
import { mean } from '../../../src/math/statistics.ts';
import { RougeLScorer } from '../../../src/runs/simulate/rouge-l-scorer.ts';
import { WHOLE_CONVERSATION } from '../../../src/testing/whole-conversation.ts';
import { nearestResponses } from '../../../src/trainers/nearest-neighbour.ts';
import { Retrieval, retrievalModel } from '../../../src/trainers/retrieval/retrieval-model.ts';
import { oneThread, plain } from '../../math/kernels.ts';
import { letterEmbedder } from '../letter-embedder.ts';

const SUBJECT = { subject: 'item 1' };
const example = (instruction: string, response: string, input?: string): LabeledExample => ({
  id: instruction,
  instruction,
  response,
  ...(input === undefined ? {} : { input }),
});
const model = (examples: readonly LabeledExample[]) =>
  retrievalModel({ name: 'retrieval-r1', examples, embedder: letterEmbedder(), kernel: plain });

describe('retrievalModel', () => {
  it('answers with what similar labels agree on, and says how sure it is', async () => {
    const asked = model([
      example('Is the sentiment of this review good or bad: lovely film', 'It is good'),
      example('Is the sentiment of this review good or bad: lovely movie', 'Perhaps'),
      example('Is the sentiment of this review good or bad: lovely book', 'It is good'),
      example('Name the capital of France', 'Paris'),
    ]);
    const answer = await asked.answer(
      { instruction: 'Is the sentiment of this review good or bad: a fine one' },
      SUBJECT,
    );
    expect(answer.text).toBe('It is good');
    const unlike = await asked.answer({ instruction: 'Name the capital of Peru' }, SUBJECT);
    expect(unlike.text).toBe('Paris');
    expect(answer.confidence!).toBeGreaterThan(unlike.confidence!);
  });

  it('answers an instruction that is labeled with its own response', async () => {
    const examples = ['Add 2 and 3', 'Name a river in Africa', 'Translate dog', 'Write a poem'].map((text, number) =>
      example(text, `response ${number} only`),
    );
    const asked = model(examples);
    for (const one of examples) expect((await asked.answer(one, SUBJECT)).text).toBe(one.response);
  });

  it('answers a request by what was said before it', async () => {
    const { context, ...request } = WHOLE_CONVERSATION;
    const asked = model([
      { id: 'alone', ...request, response: 'Who is she?' },
      { id: 'chat', ...request, context, response: 'Twice a day.' },
    ]);
    expect((await asked.answer(WHOLE_CONVERSATION, SUBJECT)).text).toBe('Twice a day.');
    expect((await asked.answer(request, SUBJECT)).text).toBe('Who is she?');
  });

  it('reads the input too, and keeps the first label of a text', async () => {
    const asked = model([
      example('Summarize', 'a farm', 'The farm has cows and a barn.'),
      example('Summarize', 'a bank', 'The bank lends money to firms.'),
      example('Summarize', 'said later', 'The farm has cows and a barn.'),
    ]);
    const answer = await asked.answer({ instruction: 'Summarize', input: 'The farm has cows and a dog.' }, SUBJECT);
    expect(answer.text).toBe('a farm');
  });

  it('answers texts without a single word', async () => {
    const asked = model([example('', 'nothing'), example('!!', 'signs')]);
    expect((await asked.answer({ instruction: '' }, SUBJECT)).text).toBe('nothing');
  });
});

const DATA = new URL('../../../../shared/data/', import.meta.url);
const NPY_HEADER_BYTES = 10;

describe.skipIf(!existsSync(new URL('dolly-3k.minilm.npy', DATA)))('on Dolly with 400 random labels', () => {
  it('retrieval beats the nearest neighbour by a point of ROUGE-L, and its confidence tells good answers', async () => {
    const items = readFileSync(new URL('dolly-3k.jsonl', DATA), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { instruction: string; input?: string; output: string });
    const texts = items.map(({ instruction, input }) =>
      embeddingText(input ? { instruction, input } : { instruction }),
    );
    const npy = readFileSync(new URL('dolly-3k.minilm.npy', DATA));
    const bytes = npy.subarray(NPY_HEADER_BYTES + npy.readUInt16LE(8));
    const columns = 384;
    const vectors = embeddingMatrix(new Float32Array(Uint8Array.from(bytes).buffer), items.length, columns);
    const gains: number[] = [];
    const correlations: number[] = [];
    for (const seed of [0, 1, 2]) {
      const order = seededRandom(seed, 'split').shuffle([...items.keys()]);
      const [heldOut, labeled] = [order.slice(0, 500), order.slice(500, 900)];
      const responses = labeled.map((position) => items[position]!.output);
      const scorer = new RougeLScorer(heldOut.map((position) => items[position]!.output));
      const scores = (answers: readonly string[]) => answers.map((answer, row) => scorer.score(answer, row).f1);
      const take = (rows: readonly number[]) => ({
        texts: rows.map((row) => texts[row]!),
        vectors: takeRows(vectors, rows),
      });
      const questions = take(heldOut);
      const answers = await new Retrieval(take(labeled), responses, oneThread).answers(questions);
      const nearest = await nearestResponses(questions.vectors, take(labeled).vectors, responses, oneThread);
      const reached = scores(answers.map(({ text }) => text));
      gains.push(mean(reached) - mean(scores(nearest)));
      correlations.push(
        spearman(
          answers.map(({ confidence }) => confidence),
          reached,
        ),
      );
    }
    expect(mean(gains)).toBeGreaterThan(0.01);
    expect(mean(correlations)).toBeGreaterThan(0.35);
  });
});
