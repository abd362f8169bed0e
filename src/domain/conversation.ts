import type { JsonValue } from './json-value.ts';

/** Who speaks. `tool` is the result of a tool call. */
export type TurnRole = 'system' | 'user' | 'assistant' | 'tool';

/** A call of a tool by the assistant. */
export interface ToolCall {
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
  /** As the record has it; results name it. */
  readonly id?: string;
}

/** One turn of a conversation. */
export interface Turn {
  readonly role: TurnRole;
  /** Images and audio are placeholders with their address. Empty where the turn has tool calls only. */
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
  /** Of a result: which call it answers. */
  readonly toolCallId?: string;
  /** Of a result: the tool. */
  readonly name?: string;
}

/** What an item holds beside its last request. */
export interface ConversationContext {
  /** System prompt and earlier turns, in order. */
  readonly before: readonly Turn[];
  /** Tool calls and their results after the request, which the answer builds on. */
  readonly after?: readonly Turn[];
  /** Definitions of the tools, as the record has them. */
  readonly tools?: JsonValue;
}

/** What is asked: the last request of a conversation, and what it was said in. A single request has no context. */
export interface Conversation {
  /** The request. */
  readonly instruction: string;
  /** Material the request is about; absent when the record has none or an empty one. */
  readonly input?: string;
  readonly context?: ConversationContext;
}

/** Only what is asked, without the other fields of an item. */
export function conversationOf({ instruction, input, context }: Conversation): Conversation {
  return {
    instruction,
    ...(input === undefined ? {} : { input }),
    ...(context === undefined ? {} : { context }),
  };
}

/** The last request: the instruction, then, where there is one, a blank line and the input. */
export function requestText({ instruction, input }: Conversation): string {
  return input === undefined ? instruction : `${instruction}\n\n${input}`;
}

/** What makes two items the same: the whole of it. Without context it is `requestText`. */
export function identityText(item: Conversation): string {
  if (item.context === undefined) return requestText(item);
  const { before, after = [], tools = null } = item.context;
  const turns = (some: readonly Turn[]) =>
    some.map(({ role, text, toolCalls = [], name = '' }) => [
      role,
      text,
      toolCalls.map((call) => [call.name, call.arguments]),
      name,
    ]);
  return JSON.stringify([turns(before), requestText(item), turns(after), tools]);
}

/**
 * The whole item as one readable text, for places that know no roles: each turn with who speaks, the request last or,
 * where tools were called after it, before those calls. Without context it is `requestText`.
 */
export function conversationText(item: Conversation): string {
  const { context } = item;
  if (context === undefined) return requestText(item);
  return [...toolsText(context), ...allTurns(item).map(turnText)].join('\n\n');
}

/** The turns of an item with the request among them. */
export function allTurns(item: Conversation): readonly Turn[] {
  const { before = [], after = [] } = item.context ?? {};
  return [...before, { role: 'user', text: requestText(item) }, ...after];
}

/**
 * The context as readable text, without the request; undefined where there is none.
 */
export function contextText({ context }: Conversation): string | undefined {
  if (context === undefined) return undefined;
  const after = context.after?.map(turnText) ?? [];
  const later = after.length === 0 ? [] : ['(After the request:)', ...after];
  return [...toolsText(context), ...context.before.map(turnText), ...later].join('\n\n');
}

const SPEAKERS: Readonly<Record<TurnRole, string>> = {
  system: 'System',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
};

/** A turn with who speaks: "User: …". */
export function turnText(turn: Turn): string {
  return `${speakerOf(turn)}: ${spokenText(turn)}`;
}

/** Who speaks, for people: "User", "Tool get_weather". */
export function speakerOf({ role, name }: Turn): string {
  return role === 'tool' && name !== undefined ? `Tool ${name}` : SPEAKERS[role];
}

/** What is said, with each call of a tool on a line. */
export function spokenText({ text, toolCalls = [] }: Turn): string {
  const calls = toolCalls.map((call) => `[calls ${call.name}(${call.arguments})]`);
  return [...(text === '' ? [] : [text]), ...calls].join('\n');
}

/** The definitions of the tools as a list of at most one text. */
export function toolsText({ tools }: ConversationContext): string[] {
  if (tools === undefined) return [];
  return [`Tools: ${typeof tools === 'string' ? tools : JSON.stringify(tools)}`];
}
