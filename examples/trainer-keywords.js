// A trainer of one's own: the model answers with the labeled response whose instruction shares most words.
//   trainer: { kind: keywords, leastWords: 2 }   and   plugins: [./trainer-keywords.js]   in winnow.yaml
import { defineTrainer, TrainingError, z } from 'winnow-ai';

const wordsOf = (text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

const keywords = defineTrainer({
  name: 'keywords',
  summary: 'answers with the response whose instruction shares most words; free',
  options: z.object({
    leastWords: z.int().min(0).default(1).describe('how many words must be shared for an answer'),
  }),
  modelNeedsOptions: true,
  // Its models are their examples: it can be used in simulations too.
  isImmediate: true,
  format: 'alpaca',
  open: async () => ({
    name: 'keywords',
    worstCaseMicroUsd: () => 0,
    train: async ({ round, examples }) => {
      if (examples.length === 0) throw new TrainingError('There are no labels.', { hint: 'Import labels first.' });
      return { name: `keywords-r${round}`, baseUrl: null, costMicroUsd: 0, details: { examples: examples.length } };
    },
  }),
  openModel: async ({ name }, { leastWords }, { examples }) => {
    const known = examples.map(({ instruction, response }) => ({ words: wordsOf(instruction), response }));
    return {
      name,
      concurrency: 16,
      estimate: () => ({ expected: 0, worstCase: 0 }),
      answer: async ({ instruction }) => {
        const shared = known.map(({ words }) => [...wordsOf(instruction)].filter((word) => words.has(word)).length);
        const most = Math.max(...shared);
        const text = most >= leastWords ? known[shared.indexOf(most)].response : '';
        return { text, model: name, costMicroUsd: 0 };
      },
    };
  },
});

export default { name: 'keywords-trainer', version: '1.0.0', trainers: [keywords] };
