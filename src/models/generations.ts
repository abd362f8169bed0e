import { FilteredError, ReplyError } from '../domain/errors.ts';
import { type CallCost, sumOfTries } from '../domain/usage.ts';
import { type Answer, type Asker, callCost, type Question } from './asker.ts';

/**
 * The first usable answer of the generations up to `last`. Earlier generations come first: their replies are stored and
 * cost nothing more.
 * @throws ReplyError with the cost of all tries when none is usable; and like `Asker.ask`
 */
export async function answerOf<T>(
  asker: Asker,
  question: Omit<Question<T>, 'generation'>,
  last: number,
  signal?: AbortSignal,
): Promise<Answer<T>> {
  let failedMicroUsd = 0;
  for (let generation = 0; ; generation += 1) {
    try {
      const answer = await asker.ask({ ...question, generation }, signal);
      return { ...answer, costMicroUsd: answer.costMicroUsd + failedMicroUsd };
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      if (generation >= last || error instanceof FilteredError)
        throw error.costing(error.costMicroUsd + failedMicroUsd);
      failedMicroUsd += error.costMicroUsd;
    }
  }
}

/** What `answerOf` will still cost. @param usualTokens of an answer */
export function costOfAnswer<T>(
  asker: Asker,
  question: Omit<Question<T>, 'generation' | 'kind' | 'subject'>,
  last: number,
  usualTokens: number,
): CallCost {
  const tries: CallCost[] = [];
  let whole: CallCost | undefined;
  for (let generation = 0; generation <= last; generation += 1) {
    const recalled = asker.recall({ ...question, generation });
    if (recalled.state === 'answered') break;
    if (recalled.state === 'failed') {
      if (recalled.error instanceof FilteredError) break;
      continue;
    }
    const { request: next, repairs } = recalled;
    const cost = (next === question.request && whole) || callCost(asker.estimate(next, repairs), usualTokens);
    if (next === question.request) whole = cost;
    tries.push(cost);
  }
  return sumOfTries(tries);
}
