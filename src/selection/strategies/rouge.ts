import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { conversationText } from '../../domain/conversation.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { largestRougeL } from '../../math/largest-rouge-l.ts';
import { seededRandom } from '../../math/random.ts';
import { type TokenLists, tokenLists } from '../../math/token-lists.ts';
import { WordIds } from '../../text/rouge-words.ts';
import { defineStrategy } from './strategy.ts';
import { count } from './strategy-options.ts';

/** Texts split into words between two checks of the signal. */
const TEXTS_PER_TURN = 1_000;

const rougeOptions = z.object({
  others: count.default(1000).describe('number of random others that each is compared with').meta({ value: 'n' }),
});

/**
 * The instructions least similar to others: the largest ROUGE-L F1 of each with others drawn at random from the
 * candidates, lowest first; ties → the lowest position. Every candidate is compared with the same number of others: the
 * drawn ones, of which a drawn candidate replaces itself by one more. With fewer candidates, it is compared with all of
 * them. The text is the instruction with its input; see `rougeWords` for its words and their bound.
 *
 * It finds unusual texts, not valuable ones: texts without words, in another language or of random characters come
 * first, and it may pick all of ten similar unusual texts. Labeled items and weights are ignored, since this is a
 * baseline. With 1,000 others, 50,000 texts of T0 (170 words on average) take 20 to 90 seconds on two cores, texts of
 * 1,000 words minutes, texts of 4,000 words hours: see `largestRougeL`.
 * Source: the Rouge baseline of SelectLLM (arXiv 2401.16553).
 */
export const rougeStrategy = defineStrategy({
  name: 'rouge',
  summary: 'those least similar to 1,000 random others, by ROUGE-L',
  source: 'Baseline of SelectLLM (arXiv 2401.16553).',
  needs: { embeddings: 'none', llm: false },
  options: rougeOptions,
  nested: () => true,
  measures: () => [],
  prompts: [],
  prepare: async ({ instructions, candidates, count: picks, options, seed, signal, onProgress }) => ({
    plan: { notes: [] },
    select: async () => {
      const { others: wanted } = options;
      const rows = seededRandom(seed, 'strategy', 'rouge').shuffle([...candidates.keys()]);
      const sample = Int32Array.from(rows.slice(0, wanted + 1));
      const texts = await wordsOf(
        candidates.map((position) => instructions[position]!),
        sample,
        signal,
      );
      const largest = await largestRougeL(texts, sample, { signal, onProgress });
      const others = sample.length - 1;
      return {
        picks: Array.from(largest.keys())
          .sort((a, b) => largest[a]! - largest[b]! || a - b)
          .slice(0, picks)
          .map((row, index) => ({
            position: candidates[row]!,
            rank: index + 1,
            score: others === 0 ? null : largest[row]!,
            reason: reasonOf(largest[row]!, others),
            strategy: 'rouge',
            query: null,
            model: null,
            costMicroUsd: 0,
          })),
      };
    },
  }),
});

/** Numbers words by the sample. Words that the sample does not contain match nothing. */
async function wordsOf(
  items: readonly Instruction[],
  sample: Int32Array,
  signal: AbortSignal | undefined,
): Promise<TokenLists> {
  const words = new WordIds();
  for (const row of sample) words.learn(conversationText(items[row]!));
  const lists: Int32Array[] = [];
  for (const item of items) {
    if (lists.length % TEXTS_PER_TURN === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    lists.push(words.lookUp(conversationText(item)));
  }
  return tokenLists(lists);
}

function reasonOf(largest: number, others: number): string {
  if (others === 0) return 'The only candidate';
  const compared = others === 1 ? '1 random other' : `${others.toLocaleString('en-US')} random others`;
  return `Different from ${compared} (ROUGE-L at most ${largest.toFixed(2)})`;
}
