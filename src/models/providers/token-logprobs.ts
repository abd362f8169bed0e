import { z } from 'zod';
import type { TokenLogprobs } from '../../domain/ledger.ts';

/** Scores stand near the beginning of an answer; to keep every token's alternatives would fill the state file. */
const MOST_TOKENS = 32;

const weighedToken = z.object({ token: z.string(), logprob: z.number() });

/** `choices[].logprobs` of Chat Completions. Servers differ: without a token's own weight its alternatives still count. */
export const logprobsSchema = z.object({
  content: z.array(
    z.object({
      token: z.string(),
      logprob: z.number().nullish().catch(undefined),
      top_logprobs: z.array(weighedToken.optional().catch(undefined)).nullish().catch(undefined),
    }),
  ),
});

/**
 * The first tokens of an answer, 32 at most, with what could have stood in their place.
 * @param skipped how many characters of the text come before the answer: what the model thought
 * @returns undefined where no alternatives were given
 */
export function readLogprobs(
  given: z.infer<typeof logprobsSchema> | null | undefined,
  skipped = 0,
): TokenLogprobs[] | undefined {
  let passed = 0;
  const all = given?.content ?? [];
  const first = all.findIndex(({ token }) => {
    passed += token.length;
    return passed > skipped;
  });
  const tokens = (first < 0 ? [] : all.slice(first, first + MOST_TOKENS)).map(({ token, logprob, top_logprobs }) => {
    const listed = (top_logprobs ?? []).filter((alternative) => alternative !== undefined);
    // A token that was not among the likeliest is not in the list.
    const isListed = typeof logprob !== 'number' || listed.some((alternative) => alternative.token === token);
    return { token, alternatives: isListed ? listed : [{ token, logprob }, ...listed] };
  });
  return tokens.some(({ alternatives }) => alternatives.length > 0) ? tokens : undefined;
}
