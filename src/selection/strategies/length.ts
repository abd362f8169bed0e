import { z } from 'zod';
import { conversationText } from '../../domain/conversation.ts';
import { splitWords } from '../../text/words.ts';
import { defineStrategy } from './strategy.ts';
import { choice } from './strategy-options.ts';

const lengthOptions = z.object({
  prefer: choice(['longest', 'shortest']).default('longest').describe('which to pick').meta({ value: 'which' }),
});

/**
 * The longest or the shortest instructions, inputs included; ties → the lowest position. The score is the number of
 * words, see `splitWords`. Nothing is random, so the seed has no effect. Labeled items and weights are ignored, since
 * this is a baseline. O(characters).
 * Source: the Length baselines of SelectLLM (arXiv 2401.16553).
 */
export const lengthStrategy = defineStrategy({
  name: 'length',
  summary: 'the longest (or the shortest) instructions',
  source: 'Baselines of SelectLLM (arXiv 2401.16553).',
  needs: { embeddings: 'none', llm: false },
  options: lengthOptions,
  nested: () => true,
  measures: () => [],
  prompts: [],
  prepare: async ({ instructions, candidates, count, options }) => ({
    plan: { notes: [] },
    select: async () => {
      const { prefer } = options;
      const sign = prefer === 'longest' ? -1 : 1;
      return {
        picks: candidates
          .map((position) => ({ position, words: splitWords(conversationText(instructions[position]!)).length }))
          .sort((a, b) => sign * (a.words - b.words) || a.position - b.position)
          .slice(0, count)
          .map(({ position, words }, index) => ({
            position,
            rank: index + 1,
            score: words,
            reason: `Among the ${prefer}: ${words.toLocaleString('en-US')} ${words === 1 ? 'word' : 'words'}`,
            strategy: 'length',
            query: null,
            model: null,
            costMicroUsd: 0,
          })),
      };
    },
  }),
});
