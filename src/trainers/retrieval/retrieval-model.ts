import type { MatrixKernel } from '../../math/matrix-kernel.ts';
import { answerTogether, type TextAnswer } from '../answer-together.ts';
import { embeddedOnce, exampleTrainer, firstOfEachText } from '../labeled-texts.ts';
import type { ExampleModelOptions } from '../nearest-neighbour.ts';
import type { SeedModel } from '../seed-model.ts';
import { consensus } from './consensus.ts';
import { type EmbeddedTexts, QuestionSimilarity } from './question-similarity.ts';
import { ResponseAgreement } from './response-agreement.ts';

export const retrievalTrainer = exampleTrainer('retrieval');

/**
 * Answers with a response of the labels: of the 30 labeled instructions most similar to the one asked about, the one
 * whose response the others agree with most. See `QuestionSimilarity`, `consensus`.
 *
 * Embedding is metered by the embedder, if at all. Cost: O(m·d) for a question and m examples, and at most 435
 * comparisons of responses, each made once; the examples are embedded with the first question.
 */
export function retrievalModel({ name, examples, embedder, kernel }: ExampleModelOptions): SeedModel {
  const labeled = firstOfEachText(examples);
  const texts = [...labeled.keys()];
  const labeledVectors = embeddedOnce(embedder, texts);
  let opened: Retrieval | undefined;
  return answerTogether(name, async (asked, signal) => {
    const [vectors, askedVectors] = await Promise.all([
      labeledVectors(),
      embedder.embed(asked, signal ? { signal } : {}),
    ]);
    opened ??= new Retrieval({ texts, vectors }, [...labeled.values()], kernel);
    return opened.answers({ texts: asked, vectors: askedVectors });
  });
}

/** Labeled instructions that questions are answered from. */
export class Retrieval {
  readonly #responses: readonly string[];
  readonly #similarity: QuestionSimilarity;
  readonly #agreement: ResponseAgreement;

  /** @param labeled at least one, of distinct texts @param responses parallel to them */
  constructor(labeled: EmbeddedTexts, responses: readonly string[], kernel: MatrixKernel) {
    this.#responses = responses;
    this.#similarity = new QuestionSimilarity(labeled, kernel);
    this.#agreement = new ResponseAgreement(responses);
  }

  /** In the order of the questions. */
  async answers(questions: EmbeddedTexts): Promise<Required<TextAnswer>[]> {
    const answers: Required<TextAnswer>[] = [];
    await this.#similarity.each(questions, (similarity) => {
      const { chosen, confidence } = consensus(similarity, (a, b) => this.#agreement.between(a, b));
      answers.push({ text: this.#responses[chosen]!, confidence });
    });
    return answers;
  }
}
