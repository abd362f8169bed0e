// A measure of one's own, and a strategy that ranks by it: the instructions with the most unusual words first.
//   winnow pick pool.jsonl --count 20 --plugin examples/measure-rare-words.js --strategy rarest-words
import { conversationText, defineStrategy, measuringPlan, NO_CALLS, selectMeasured, z } from 'winnow-ai';

const wordsOf = (item) =>
  new Set(
    conversationText(item)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [],
  );

/** The mean share of the pool that does not use a word, over the words of an instruction. */
const rareWords = {
  name: 'rare-words',
  summary: 'how unusual the words of an instruction are in its pool',
  of: 'instruction',
  needs: 'none',
  prompts: () => [],
  open: async (_options, instructions) => {
    const uses = new Map();
    for (const item of instructions) for (const word of wordsOf(item)) uses.set(word, (uses.get(word) ?? 0) + 1);
    const rarity = (item) => {
      const words = [...wordsOf(item)];
      return words.reduce((sum, word) => sum + 1 - uses.get(word) / instructions.length, 0) / words.length;
    };
    return {
      name: 'rare words 1',
      shortName: 'rare words',
      scale: { min: 0, max: 1 },
      isScore: true,
      estimate: async () => NO_CALLS,
      measure: async (positions) => {
        // An instruction without words has no value: NaN, and a cause.
        const values = Float64Array.from(positions, (position) => rarity(instructions[position]));
        const failed = positions.filter((_, row) => Number.isNaN(values[row]));
        return {
          values,
          reasons: Array.from(values, (value) => (Number.isNaN(value) ? undefined : `rarity ${value.toFixed(2)}`)),
          costMicroUsd: positions.map(() => 0),
          model: null,
          failed: failed.map((position) => ({ position, failure: 'it has no words' })),
          unmeasured: 0,
        };
      },
    };
  },
};

const rarestWords = defineStrategy({
  name: 'rarest-words',
  summary: 'takes the instructions with the most unusual words',
  source: 'An example.',
  needs: { embeddings: 'none', llm: false },
  options: z.object({}),
  prompts: [],
  measures: () => ['rare-words'],
  nested: () => true,
  prepare: async (context) => ({
    plan: { notes: [], measuring: await measuringPlan(context, ['rare-words']) },
    // Instructions without a value are reported as failed, and never picked.
    select: () =>
      selectMeasured(context, ['rare-words'], (measured, count) =>
        [...measured]
          .sort((a, b) => b.values[0] - a.values[0] || a.position - b.position)
          .slice(0, count)
          .map(({ position, values: [score], reasons: [reason], model, costMicroUsd }, index) => ({
            ...{ position, rank: index + 1, score, reason, model, costMicroUsd },
            ...{ strategy: 'rarest-words', query: null },
          })),
      ),
  }),
});

export default { name: 'rare-words', version: '1.0.0', measures: [rareWords], strategies: [rarestWords] };
