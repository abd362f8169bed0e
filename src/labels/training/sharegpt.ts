import { type ChatMessage, chatMessages } from '../../domain/chat-messages.ts';
import type { Conversation } from '../../domain/conversation.ts';
import { parseForeignJson } from '../../domain/foreign-json.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { textFormat } from './training-format.ts';

const SPEAKERS = { system: 'system', user: 'human', assistant: 'gpt', tool: 'observation' } as const;

/** The input follows the instruction after a blank line. */
export const shareGptFormat = textFormat({
  name: 'sharegpt',
  summary: 'ShareGPT: conversations of human and gpt',
  source: 'https://llamafactory.readthedocs.io/en/latest/getting_started/data_preparation.html#sharegpt',
  extension: '.json',
  record: shareGptRecord,
});

/** What is asked and the response, as the last turn. */
export function shareGptRecord(example: LabeledExample) {
  const { conversations, ...others } = shareGptPrompt(example);
  return { conversations: [...conversations, shareGptAnswer(example.response)], ...others };
}

/** Roles as LLaMA-Factory names them: tool calls are turns of `function_call`, their results of `observation`. */
export function shareGptPrompt(item: Conversation) {
  const tools = item.context?.tools;
  return {
    conversations: chatMessages(item).flatMap(shareGptTurns),
    ...(tools === undefined ? {} : { tools: typeof tools === 'string' ? tools : JSON.stringify(tools) }),
  };
}

export function shareGptAnswer(value: string) {
  return { from: 'gpt', value };
}

function shareGptTurns({ role, content, toolCalls = [] }: ChatMessage): { from: string; value: string }[] {
  const calls = toolCalls.map(({ name, arguments: text }) => ({
    from: 'function_call',
    value: JSON.stringify({ name, arguments: parsedOr(text) }),
  }));
  return calls.length > 0 && content === '' ? calls : [{ from: SPEAKERS[role], value: content }, ...calls];
}

/** Arguments are an object in this format; what a model wrote that is none stays text. */
function parsedOr(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch {
    return text;
  }
}
