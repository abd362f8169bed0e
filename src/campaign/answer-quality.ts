import { hasDirection } from '../math/embedding-matrix.ts';
import { dotProduct } from '../math/exact-distance.ts';
import { rougeL } from '../math/rouge-l.ts';
import type { Embedder } from '../models/embedders/embedder.ts';
import { chrF } from '../text/chrf.ts';
import { WordIds } from '../text/rouge-words.ts';

/** How alike a model's answer and a person's are, each 0–1; cosines may be below 0. */
export interface AnswerQuality {
  readonly rougeL: number;
  readonly chrF: number;
  /** Absent where one of them has no usable vector. */
  readonly cosine?: number;
}

/** An answer and what a person answered. */
export interface AnswerPair {
  readonly itemId: string;
  readonly answer: string;
  readonly response: string;
}

/** Compares answers with people's. An empty answer is like none. Embeds 2·n texts. */
export async function answerQuality(
  pairs: readonly AnswerPair[],
  embedder: Embedder,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, AnswerQuality>> {
  const said = pairs.filter(({ answer }) => answer.trim() !== '');
  const options = signal ? { signal } : {};
  const answers = await embedder.embed(
    said.map(({ answer }) => answer),
    options,
  );
  const responses = await embedder.embed(
    said.map(({ response }) => response),
    options,
  );
  const cosines = new Map(
    said.map(({ itemId }, row) => {
      const areKnown = hasDirection(answers, row) && hasDirection(responses, row);
      return [itemId, areKnown ? { cosine: dotProduct(answers, row, responses, row) } : {}];
    }),
  );
  return new Map(
    pairs.map(({ itemId, answer, response }) => [
      itemId,
      {
        ...{ rougeL: answerRougeL(answer, response), chrF: chrF(answer, response) },
        ...(cosines.get(itemId) ?? { cosine: 0 }),
      },
    ]),
  );
}

/** ROUGE-L (F1) of an answer against a person's, 0–1. */
export function answerRougeL(answer: string, response: string): number {
  const words = new WordIds();
  const wanted = words.learn(response);
  return rougeL(words.lookUp(answer), wanted).f1;
}
