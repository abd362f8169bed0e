import { BudgetExceededError, ProviderError, ReplyError } from '../../../domain/errors.ts';
import type { Instruction } from '../../../domain/instruction.ts';
import type { Query, QueryResult } from '../../../domain/selection.ts';
import { type CallCost, NO_CALLS } from '../../../domain/usage.ts';
import { seededRandom } from '../../../math/random.ts';
import type { Asker } from '../../../models/asker.ts';
import { costOfAnswer } from '../../../models/generations.ts';
import type { PromptTemplate } from '../../../models/prompt-template.ts';
import type { LlmRequest } from '../../../models/providers/llm-client.ts';
import type { AnsweredQuery } from './ask-queries.ts';
import { type PromptLayout, shortenedItem } from './choose-request.ts';
import { bareIds, plainLines } from './plain-lines.ts';

/** The prompt that asks why. It changes no pick, so it is not part of a run's identity. */
export const REASONS_PROMPT = { id: 'reasons', variables: ['candidates'], onlyWith: 'reasons' } as const;

/** Of 8 words, an id and a line break. */
const EXPECTED_REASON_TOKENS = 14;
const MOST_REASON_TOKENS = 40;
const TOKENS_BESIDE = 40;
const LONGEST_REASON = 120;

export interface ReasonsOptions {
  readonly instructions: readonly Instruction[];
  readonly asker: Asker;
  readonly prompt: PromptTemplate;
  readonly layout: PromptLayout;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks why each pick was worth choosing: one call a query, over its picks alone. Picks that have a reason are not asked
 * about. A query whose reasons cannot be had keeps its picks without them.
 * @returns the queries in their order, and how many of their picks got no reason
 */
export async function giveReasons(
  queries: readonly AnsweredQuery[],
  options: ReasonsOptions,
): Promise<{ readonly queries: AnsweredQuery[]; readonly withoutReason: number }> {
  let withoutReason = 0;
  const explained = await Promise.all(
    queries.map(async (query) => {
      const open = query.choice.picks.filter(({ reason }) => reason === '').map(({ position }) => position);
      if (open.length === 0) return query;
      try {
        const { request, positionOfId } = reasonsRequest(query.number, open, options);
        const { value, costMicroUsd } = await options.asker.ask(
          {
            kind: 'reasons',
            subject: `query ${query.number + 1}`,
            request,
            generation: 0,
            parse: (text) => parseReasons(text, positionOfId),
          },
          options.signal,
        );
        const picks = query.choice.picks.map((pick) => ({ ...pick, reason: value.get(pick.position) ?? pick.reason }));
        return { ...query, choice: { ...query.choice, picks, costMicroUsd: query.choice.costMicroUsd + costMicroUsd } };
      } catch (error) {
        const isExpected =
          error instanceof ReplyError || error instanceof ProviderError || error instanceof BudgetExceededError;
        if (!isExpected && !options.signal?.aborted) throw error;
        withoutReason += open.length;
        return query;
      }
    }),
  );
  return { queries: explained, withoutReason };
}

/** What the reasons of a query will take. Before it is answered, its longest candidates count. */
export function costOfReasons(query: Query, result: QueryResult | undefined, options: ReasonsOptions): CallCost {
  if (result?.state === 'failed') return NO_CALLS;
  const picked = result?.choice.picks.filter(({ reason }) => reason === '').map(({ position }) => position);
  const length = (position: number) => {
    const { instruction, input = '' } = options.instructions[position]!;
    return instruction.length + input.length;
  };
  const positions = picked ?? query.positions.toSorted((a, b) => length(b) - length(a)).slice(0, query.picks);
  if (positions.length === 0) return NO_CALLS;
  const { request, positionOfId } = reasonsRequest(query.number, positions, options);
  const question = { request, parse: (text: string) => parseReasons(text, positionOfId) };
  return costOfAnswer(options.asker, question, 0, EXPECTED_REASON_TOKENS * positions.length);
}

function reasonsRequest(
  number: number,
  positions: readonly number[],
  { instructions, asker, prompt, layout, seed }: ReasonsOptions,
): { readonly request: LlmRequest; readonly positionOfId: ReadonlyMap<string, number> } {
  const items = positions.map((position) => shortenedItem(instructions[position]!, layout, plainLines.shownText));
  const ids = plainLines.drawIds(items, seededRandom(seed, 'reasons', number));
  const candidates = items.map((item, index) => ({ id: ids[index]!, ...item }));
  const { system, user } = prompt.render({
    candidates: candidates.map((candidate) => plainLines.candidateLine(candidate)).join('\n'),
  });
  return {
    positionOfId: new Map(ids.map((id, index) => [id, positions[index]!])),
    request: {
      system,
      messages: [{ role: 'user', content: user }],
      maxOutputTokens: TOKENS_BESIDE + MOST_REASON_TOKENS * positions.length + asker.reasoningTokens,
      temperature: 0,
      task: { kind: 'answer' },
    },
  };
}

/** @throws ReplyError unless every id has a reason */
export function parseReasons(text: string, positionOfId: ReadonlyMap<string, number>): Map<number, string> {
  const reasons = new Map<number, string>();
  for (const line of bareIds(text).split(/[\n\r]+/)) {
    const [, id = '', reason = ''] = /^[\s\-*•`"[(]*([a-z]+)[`"\])]*[\s:.–—-]+(.*)$/.exec(line) ?? [];
    const position = positionOfId.get(id);
    const said = reason.trim().slice(0, LONGEST_REASON).toWellFormed();
    if (position !== undefined && said !== '' && !reasons.has(position)) reasons.set(position, said);
  }
  const missing = [...positionOfId].filter(([, position]) => !reasons.has(position)).map(([id]) => id);
  if (missing.length > 0) {
    throw new ReplyError(`it has no line with a reason for ${missing.slice(0, 5).join(', ')}.`);
  }
  return reasons;
}
