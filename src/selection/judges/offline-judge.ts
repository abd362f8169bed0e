import { z } from 'zod';
import { embeddingText } from '../../domain/instruction.ts';
import { NO_CALLS } from '../../domain/usage.ts';
import type { Embedder } from '../../models/embedders/embedder.ts';
import { readableText } from '../../text/readable-text.ts';
import type { Criterion } from './criteria.ts';
import type { Judge, JudgedItem, JudgeKind } from './judge.ts';
import { batchedCosine, PAIRS_PER_BATCH } from './offline/batched-cosine.ts';
import { judgeComplexity, judgeQuality, judgeResponse, type Verdict } from './offline/verdicts.ts';

/** Changes whenever scores change, like a model snapshot. */
const OFFLINE_MODEL = 'offline-judge-1';

/**
 * A stand-in for an LLM judge: no key, no cost of its own, always the same score. It does not understand text: it reads
 * similarity and surface features, so a wrong answer on the subject scores like a right one. Use it to try out a
 * campaign, in tests, and as a baseline.
 *
 * Instructions are judged by the offline ranker's features. Responses are judged by the similarity of their embedding to
 * that of instruction and input, by how much they add to the instruction, and by flaws: an echo, repetition, a refusal,
 * a cut, fewer items than requested, … An empty response gets the lowest score. Cues are English; other languages are
 * judged by the remaining features.
 *
 * Cost: none for instructions. A response takes two embeddings; the instruction's is cached if the embedder caches. A
 * metered embedder reserves and settles its own cost, which `estimate` leaves out. Only a bounded part of a text is read.
 *
 * @param options.embedder the scale of responses is set for MiniLM's cosines; other embedders shift it
 */
export function offlineJudge(criterion: Criterion, { embedder }: { readonly embedder: Embedder }): Judge {
  const { scale } = criterion;
  const judgeItem = verdictOf(criterion, embedder);
  return {
    criterion,
    name: `${OFFLINE_MODEL}, ${criterion.name}${criterion.of === 'response' ? `, by ${embedder.space}` : ''}`,
    shortName: 'offline judge',
    concurrency: PAIRS_PER_BATCH,
    judge: async (item, { signal }) => {
      signal?.throwIfAborted();
      const { value, reason } = await judgeItem(item);
      signal?.throwIfAborted();
      return { score: scale.min + value * (scale.max - scale.min), reason, model: OFFLINE_MODEL, costMicroUsd: 0 };
    },
    estimate: () => NO_CALLS,
  };
}

function verdictOf(criterion: Criterion, embedder: Embedder): (item: JudgedItem) => Verdict | Promise<Verdict> {
  if (criterion.name === 'quality') return judgeQuality;
  if (criterion.name === 'complexity') return judgeComplexity;
  const cosineOf = batchedCosine(embedder);
  return async (item) => {
    if (item.response === undefined) {
      throw new TypeError(`To judge ${criterion.name}, the instruction needs a response.`);
    }
    // An empty text has an embedding, but no meaning.
    const response = readableText(item.response);
    const cosine = response === '' ? 0 : await cosineOf(embeddingText(item), response);
    return judgeResponse(item, cosine);
  };
}

/** The offline judge as a kind of judge. */
export const offlineJudgeKind: JudgeKind = {
  name: 'offline',
  summary: 'a stand-in for an LLM, runs on this machine',
  source: 'Similarity and surface features; measured by scripts/measure-offline-judge.ts.',
  limits: 'It understands nothing: a wrong answer on the subject scores like a right one. Its cues are English.',
  needs: 'embedder',
  options: z.object({}),
  judges: ({ name, of }) => of === 'response' || name === 'quality' || name === 'complexity',
  prompts: () => [],
  open: async (criterion, _options, sources) => offlineJudge(criterion, { embedder: await sources.localEmbedder() }),
};
