// A judge of one's own: a response is good when it matches a pattern.
//   winnow score answers.jsonl --plugin examples/judge-regex.js --judge regex --pattern '^\d+$'
import { NO_CALLS, z } from 'winnow-ai';

const regexJudge = {
  name: 'regex',
  summary: 'a response is good when it matches --pattern',
  source: 'A regular expression.',
  limits: 'It knows form, not content.',
  needs: 'none',
  options: z.object({
    pattern: z
      .string()
      .optional()
      .describe('the regular expression that good responses match')
      .meta({ value: 'regex' }),
  }),
  judges: ({ of }) => of === 'response',
  prompts: () => [],
  open: async (criterion, { pattern = '\\S' }) => {
    const expression = new RegExp(pattern, 'u');
    return {
      criterion,
      name: `regex ${expression}, ${criterion.name}`,
      shortName: 'regex',
      concurrency: 1,
      estimate: () => NO_CALLS,
      judge: async ({ response = '' }) => {
        const isGood = expression.test(response);
        return {
          score: isGood ? criterion.scale.max : criterion.scale.min,
          reason: isGood ? 'It matches the pattern.' : 'It does not match the pattern.',
          model: 'regex',
          costMicroUsd: 0,
        };
      },
    };
  },
};

export default { name: 'regex-judge', version: '1.0.0', judges: [regexJudge] };
