import { chatMessages, openAiTools } from '../domain/chat-messages.ts';
import { conversationText } from '../domain/conversation.ts';
import { ProviderError, ReplyError } from '../domain/errors.ts';
import type { Asker } from '../models/asker.ts';
import type { LlmRequest } from '../models/providers/llm-client.ts';
import type { SeedModel } from './seed-model.ts';

export interface ServedModelOptions {
  /** Asks the trained model. */
  readonly asker: Asker;
  /** The round the model was trained in. It keeps stored answers apart where a server reuses the name of a model. */
  readonly round: number;
  readonly maxOutputTokens: number;
  readonly temperature: number;
}

type Item = Parameters<SeedModel['answer']>[0];

/** For the probable cost only: a paragraph or two. */
const USUAL_ANSWER_TOKENS = 150;
/** How a request is turned down that is too long, among other things. */
const TURNED_DOWN: ReadonlySet<number | undefined> = new Set([400, 413, 422]);

/**
 * A seed model behind a chat API. It is asked in the form it was trained on: the item's own turns and tools, no prompt of
 * ours; the request is the instruction and, after a blank line, the input. Every answer counts, also a refusal, an empty one and one that was cut. Answers are
 * stored, so each is paid for once: one LLM call per item.
 */
export function servedModel({ asker, round, maxOutputTokens, temperature }: ServedModelOptions): SeedModel {
  const requestFor = (item: Item): LlmRequest => ({
    system: '',
    messages: chatMessages(item),
    ...openAiTools(item),
    maxOutputTokens: maxOutputTokens + asker.reasoningTokens,
    temperature,
    task: { kind: 'answer' },
  });
  return {
    name: asker.model,
    concurrency: asker.concurrency,
    asker,

    async answer(item, { subject, signal }) {
      const request = requestFor(item);
      const tokens = asker.countTokens(conversationText(item));
      const room = asker.contextTokens - request.maxOutputTokens;
      if (tokens > room) throw tooLong(tokens, room);
      const question = { kind: 'answer', subject, request, generation: round, acceptsCut: true, acceptsRefusal: true };
      try {
        const answer = await asker.ask({ ...question, parse: (text) => text }, signal);
        return { text: answer.value, model: answer.model, costMicroUsd: answer.costMicroUsd };
      } catch (error) {
        // Its tokenizer may make more of the text than ours does, and servers do not agree on how to say so.
        const mayBeTooLong = asker.estimate(request, 0).largestRequestTokens > asker.contextTokens;
        const turnedDown = error instanceof ProviderError && TURNED_DOWN.has(error.status);
        throw mayBeTooLong && turnedDown ? tooLong(tokens, room) : error;
      }
    },

    estimate(item) {
      const estimate = asker.estimate(requestFor(item), 0);
      return {
        expected: estimate.expectedMicroUsd(Math.min(USUAL_ANSWER_TOKENS, maxOutputTokens)),
        worstCase: estimate.worstCaseMicroUsd,
      };
    },
  };
}

function tooLong(tokens: number, room: number): ReplyError {
  const counts = `${tokens.toLocaleString('en-US')} tokens by our count, and it has room for ${room.toLocaleString('en-US')}`;
  return new ReplyError(`the instruction is too long for the model: ${counts}.`);
}
