import { embeddingText } from '../domain/instruction.ts';
import { rejectOnAbort } from '../models/metering/abort-signals.ts';
import type { SeedModel, SeedModelAnswer } from './seed-model.ts';

/** Asked at once and answered at once; beyond this, larger products are no faster. */
const CONCURRENCY = 1_024;

/** What a model answers to one of several texts. */
export type TextAnswer = Pick<SeedModelAnswer, 'text' | 'confidence'>;

/**
 * A free model on this machine that answers many texts at once. Questions asked in one turn of the event loop are
 * answered together, so asking for thousands one by one, concurrently, is one computation.
 * @param answerAll answers embedding texts, in their order
 */
export function answerTogether(
  name: string,
  answerAll: (texts: readonly string[], signal: AbortSignal | undefined) => Promise<readonly TextAnswer[]>,
): SeedModel {
  /** Of this turn, by the signal they are asked with. */
  const batches = new Map<AbortSignal | undefined, Batch>();

  const batchFor = (signal: AbortSignal | undefined): Batch => {
    const open = batches.get(signal);
    if (open && open.texts.length < CONCURRENCY) return open;
    const texts: string[] = [];
    const answers = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      if (batches.get(signal) === batch) batches.delete(signal);
      return answerAll(texts, signal);
    });
    const batch = { texts, answers: rejectOnAbort(answers, signal) };
    batches.set(signal, batch);
    return batch;
  };

  return {
    name,
    concurrency: CONCURRENCY,
    async answer(item, { signal }) {
      signal?.throwIfAborted();
      const batch = batchFor(signal);
      const position = batch.texts.push(embeddingText(item)) - 1;
      const answers = await batch.answers;
      return { ...answers[position]!, model: name, costMicroUsd: 0 };
    },
    estimate: () => ({ expected: 0, worstCase: 0 }),
  };
}

interface Batch {
  readonly texts: string[];
  readonly answers: Promise<readonly TextAnswer[]>;
}
