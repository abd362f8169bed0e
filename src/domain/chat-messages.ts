import { type Conversation, requestText, type ToolCall, type Turn } from './conversation.ts';
import { isJsonObject, type JsonValue } from './instruction.ts';

/** A message as chat APIs have it. A tool call always has an id, and a result names it. */
export interface ChatMessage {
  readonly role: Turn['role'];
  readonly content: string;
  readonly toolCalls?: readonly Required<ToolCall>[];
  readonly toolCallId?: string;
  readonly name?: string;
}

/**
 * The item as messages: the context, and the request as the user's. Calls without an id get one (`call_1`, …), and
 * results without one answer the open calls in order. Lone surrogates become U+FFFD.
 */
export function chatMessages(item: Conversation): ChatMessage[] {
  const request: Turn = { role: 'user', text: requestText(item) };
  const turns = [...(item.context?.before ?? []), request, ...(item.context?.after ?? [])];
  let calls = 0;
  let open: string[] = [];
  return turns.map(({ role, text, toolCalls, toolCallId, name }) => {
    const content = text.toWellFormed();
    if (role === 'tool') {
      const id = toolCallId ?? open[0] ?? `call_${++calls}`;
      open = open.filter((one) => one !== id);
      return { role, content, toolCallId: id, ...(name === undefined ? {} : { name }) };
    }
    if (toolCalls === undefined || toolCalls.length === 0) return { role, content };
    const identified = toolCalls.map((call) => ({ ...call, id: call.id ?? `call_${++calls}` }));
    open = [...open, ...identified.map(({ id }) => id)];
    return { role, content, toolCalls: identified };
  });
}

/** Messages in the form of OpenAI's chat API, which training formats share. */
export function openAiMessages(messages: readonly ChatMessage[]) {
  return messages.map(({ role, content, toolCalls, toolCallId, name }) => ({
    role,
    content,
    ...(toolCalls === undefined
      ? {}
      : {
          tool_calls: toolCalls.map((call) => ({
            id: call.id,
            type: 'function' as const,
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(name === undefined ? {} : { name }),
  }));
}

/** The item's tools for a request, where they are a list; OpenAI's form wraps each as a function. */
export function openAiTools({ context }: Conversation): { readonly tools?: JsonValue } {
  const tools = context?.tools;
  if (!Array.isArray(tools) || tools.length === 0) return {};
  const wrapped = tools.map((tool: JsonValue) =>
    isJsonObject(tool) && tool.type === undefined ? { type: 'function', function: tool } : tool,
  );
  return { tools: wrapped };
}

/** Messages for APIs that know only user and assistant: tool calls and results are text; system turns stand apart. */
export function plainMessages(messages: readonly ChatMessage[]): {
  readonly system: string;
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[];
} {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const rest = messages.flatMap(({ role, content, toolCalls = [], name }) => {
    if (role === 'system') return [];
    if (role === 'tool') return [{ role: 'user' as const, content: `[result of ${name ?? 'the tool'}]\n${content}` }];
    const calls = toolCalls.map((call) => `[calls ${call.name}(${call.arguments})]`);
    return [{ role, content: [...(content === '' ? [] : [content]), ...calls].join('\n') }];
  });
  return { system: system.join('\n\n'), messages: rest };
}
